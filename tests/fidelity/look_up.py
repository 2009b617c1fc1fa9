"""Open what a widget offers by look-up, as a person does before choosing from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from tests.fidelity.page import Controls

_PICKED = re.compile(r'data-popup-opener="([^"]*)"')


def look_up(browser: Client, controls: Controls) -> None:
    """Give every control with a look-up the choices that are found there.

    None, where the user is not let in; what it holds already may stay.
    """
    found: dict[str, list[str]] = {}
    for control in controls.values():
        address = control.look_up
        if address and address not in found:
            popup = "_popup=1" in address
            found[address] = (_in_popup if popup else _in_list)(browser, address)
        if address:
            control.options = ["", *control.sent, *found[address]]


def _in_popup(browser: Client, address: str) -> list[str]:
    answer = browser.get(address)
    return _PICKED.findall(answer.text) if answer.status_code == 200 else []


def _in_list(browser: Client, address: str) -> list[str]:
    keys: list[str] = []
    for page in range(1, 100):
        answer = browser.get(f"{address}&term=&page={page}")
        if answer.status_code != 200:
            break
        told = answer.json()
        keys += [one["id"] for one in told["results"]]
        if not told["pagination"]["more"]:
            break
    return keys
