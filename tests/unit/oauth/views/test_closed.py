"""Where no client may be connected, the page says which of three reasons it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from agent_connector.oauth.views.closed import closed_page
from agent_connector.policy.networks import parse_networks
from agent_connector.policy.settings import settings_with

pytestmark = pytest.mark.django_db


def page(**settings: Any) -> Any:
    in_force = replace(settings_with(None), **settings)
    request = RequestFactory().get("/mcp/oauth/authorize")
    return closed_page(request, in_force, now=timezone.now())


def test_where_all_is_open_there_is_none() -> None:
    assert page() is None
    assert page(allowed_addresses=parse_networks("127.0.0.1")) is None


@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        ({"allowed_addresses": parse_networks("::1")}, 403, "your network address"),
        ({"allowed_addresses": "broken"}, 503, "rules of this site cannot be read"),
        ({"mcp_server_enabled": False}, 503, "switched off the connection"),
    ],
)
def test_each_reason_has_its_words_and_status(
    settings: dict[str, Any], status: int, words: str
) -> None:
    shown = page(**settings)

    assert shown.status_code == status
    assert words in shown.content.decode()
    assert ("Retry-After" in shown.headers) == (status == 503)
