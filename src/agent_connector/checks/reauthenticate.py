"""Check that the site's own confirmation of users without a password can be asked."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.utils.module_loading import import_string

from agent_connector.conf import get_conf


def check_reauthenticate(**_: Any) -> list[checks.CheckMessage]:
    """Find a wrong path now, not when somebody has to be disabled in a hurry."""
    path = get_conf().reauthenticate
    if not path:
        return []
    try:
        found = import_string(path)
    except ImportError:
        found = None
    if callable(found):
        return []
    return [
        checks.Error(
            f"AGENT_CONNECTOR['REAUTHENTICATE']: {path!r} is no callable.",
            hint="Give the dotted path of a function that takes the request and returns"
            " True, False, or the address of the page where to sign in again.",
            id="agent_connector.E002",
        )
    ]
