"""The MCP Users grid, followed by the words of its documentation."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, MCPAccess
from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import calls, follow, names_in, row_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def _open_grid(browser: Client) -> object:
    return follow(browser, browser.get("/admin/"), "MCP Users")


def _dots(browser: Client, user: User) -> list[str]:
    """Return each dot of the row as `state: client`."""
    row = row_of(_open_grid(browser), user)
    found = re.findall(r'aac-dot is-(\w+)"[^>]*><span>([^<]+)', row)
    return [f"{state}: {name.strip()}" for state, name in found]


def test_the_menu_leads_to_the_grid_with_every_admin_user(browser: Client) -> None:
    make_user("connected")
    make_user("never", enabled=False)
    make_user("customer", is_staff=False, enabled=False)

    welcome = text_of(browser.get("/admin/"))
    page = _open_grid(browser)

    menu = welcome[welcome.index("System") :]
    assert menu.index("AI Agent Connector") < menu.index("MCP Users")
    assert names_in(page) == ["connected", "never", "root"]


def test_the_columns_are_the_documented_ones(browser: Client) -> None:
    columns = "User Access Status Clients Added to MCP Last Used Actions"

    assert columns in text_of(_open_grid(browser))


def test_the_user_column_shows_the_full_name(browser: Client) -> None:
    make_user("jane", first_name="Jane", last_name="Doe")

    assert "Jane Doe" in names_in(_open_grid(browser))


def test_the_badge_is_green_for_enabled_and_red_for_disabled(browser: Client) -> None:
    on, off = make_user("on"), make_user("off", enabled=False)

    page = _open_grid(browser)

    assert 'is-green">Enabled<' in row_of(page, on)
    assert 'is-red">Disabled<' in row_of(page, off)


def test_dots_are_green_while_active_and_grey_when_expired_or_revoked(
    browser: Client,
) -> None:
    user = make_user()
    make_connection(user, make_client("Claude Code"))
    expired, _ = make_connection(user, make_client("Cursor"))
    revoked, _ = make_connection(user, make_client("Codex"))
    Connection.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    revoke_connection(
        revoked,
        reason=Connection.RevokedReason.ADMIN,
        actor=None,
        now=timezone.now(),
    )

    assert sorted(_dots(browser, user)) == [
        "active: Claude Code",
        "inactive: Codex",
        "inactive: Cursor",
    ]


def test_added_to_mcp_is_when_access_was_first_enabled(browser: Client) -> None:
    user = make_user("jane", enabled=False)
    assert "<time" not in row_of(_open_grid(browser), user)

    MCPAccess.objects.create(user=user, enabled=True, added_at=timezone.now())

    added = row_of(_open_grid(browser), user).partition("Added to MCP")[2]
    assert f'datetime="{timezone.now():%Y-%m-%d}' in added


def test_last_used_is_the_last_tool_call(browser: Client) -> None:
    user = make_user()
    _, pair = make_connection(user)
    assert row_of(_open_grid(browser), user).count("<time") == 1

    assert calls(pair.access) == 200

    used = row_of(_open_grid(browser), user).partition("Last Used")[2]
    at = MCPAccess.objects.get(user=user).last_used_at
    assert at is not None
    assert f"{at:%H:%M:%S}" in used


def test_each_row_has_its_actions(browser: Client) -> None:
    user = make_user()
    make_connection(user)

    row = row_of(_open_grid(browser), user)

    for words in ("Details", "Disable", "Revoke All"):
        assert f">{words}<" in row
