"""Languages that are written from right to left: the screens turn, the code does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.factories import make_client, make_connection, make_user
from tests.screens import ACCOUNT, GRID, screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (400, 1280)
TOO_WIDE = """() => {
  const boxes = [document.documentElement, ...document.querySelectorAll(
    ".results, .aac-table-box, .aac-card:not(dialog *), dialog")];
  return boxes.filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.className || box.tagName);
}"""
OUT_OF_SIGHT = """() => [...document.querySelectorAll(
    ".aac-button, .aac-card, .aac-badge, .aac-tab, dialog[open]")]
  .filter(one => one.checkVisibility())
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.left < -1 || box.right > innerWidth + 1)
  .map(([one]) => one.className)"""
DIRECTIONS = """() => [...document.querySelectorAll("pre, code")]
  .filter(one => getComputedStyle(one).direction !== "ltr")
  .map(one => one.textContent)"""

ASKEW = """() => [...document.querySelectorAll(".aac-name")]
  .map(name => [name, name.closest("td, th").querySelector(".aac-under")])
  .filter(([name, under]) => {
    const text = document.createRange();
    if (under) text.selectNodeContents(under);
    const gap = name.getBoundingClientRect().right - text.getBoundingClientRect().right;
    return under && Math.abs(gap) > 1;
  })
  .map(([name]) => name.textContent)"""


@pytest.fixture
def jane(page: Page, settings: Any) -> User:
    """A user with clients; from now on the site speaks Arabic, as far as Django can."""
    del page  # has signed in, in English
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    for name in ("Claude Code", "Gemini CLI MCP Client"):
        make_connection(jane, make_client(name, host="claude.ai"))
    settings.LANGUAGE_CODE, settings.LANGUAGES = "ar", [("ar", "Arabic")]
    return jane


def _faults(page: Page) -> list[Any]:
    """Return what sticks out at any width, and code that was turned round."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    found = [page.evaluate(DIRECTIONS)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [page.evaluate(TOO_WIDE), page.evaluate(OUT_OF_SIGHT)]
    return [fault for fault in found if fault]


def test_screens_fit_and_code_keeps_its_direction(page: Page, jane: User) -> None:
    faults = {}

    for address in (GRID, screen("info", jane), ACCOUNT):
        page.goto(address)
        faults[address] = _faults(page)

    assert {address: found for address, found in faults.items() if found} == {}


def test_a_sign_in_name_stands_below_the_beginning_of_its_name(
    page: Page, jane: User
) -> None:
    page.goto(GRID)

    assert page.evaluate(ASKEW) == []


def test_dialogs_and_menus_fit(page: Page, jane: User) -> None:
    page.goto(GRID)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("button", name="More actions for Jane Doe").click()
        box = page.locator(".aac-menu:popover-open").bounding_box()
        page.keyboard.press("Escape")

        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width

    page.get_by_role("link", name="Details").first.click()
    expect(page.get_by_role("dialog", name="Token Details")).to_be_visible()

    assert _faults(page) == []
