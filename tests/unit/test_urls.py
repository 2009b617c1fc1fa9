"""The routes of the public contract."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agent_connector.urls import urlpatterns


def test_the_addresses_are_those_of_the_contract_and_no_others() -> None:
    assert sorted(str(route.pattern) for route in urlpatterns) == [
        ".well-known/oauth-authorization-server",
        ".well-known/oauth-protected-resource",
        ".well-known/oauth-protected-resource/mcp",
        "mcp",
        "mcp/",
        "mcp/oauth/authorize",
        "mcp/oauth/register",
        "mcp/oauth/revoke",
        "mcp/oauth/token",
    ]


@pytest.mark.parametrize("route", urlpatterns, ids=lambda route: str(route.pattern))
def test_every_route_has_a_name_and_stands_at_the_root(route: object) -> None:
    name = getattr(route, "name", "")

    assert reverse(f"agent_connector:{name}") == f"/{getattr(route, 'pattern', '')}"
