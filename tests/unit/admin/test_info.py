"""The MCP Info tab of a user."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, MCPAccess
from tests.factories import NOON, make_admin, make_client, make_connection, make_user
from tests.screens import CHANGE, REVOKE, VIEW, screen, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_it_shows_access_summary_and_client_configuration() -> None:
    jane = make_user("jane")
    make_connection(jane, make_client("Cursor"))
    dead, _ = make_connection(jane, make_client("Codex"))
    revoke_connection(dead, reason=Connection.RevokedReason.ADMIN, actor=None, now=NOON)
    MCPAccess.objects.update(last_used_at=NOON)

    text = text_of(signed_in(make_admin()).get(screen("info", jane)))

    assert "User Info MCP Info" in text
    assert "MCP Access Enabled" in text
    assert "Your Current Admin Password" in text
    assert "Connected Clients 1" in text
    assert "Active Tokens 1" in text
    assert "Expired/Revoked Tokens 1" in text
    assert "12:00:00" in text.partition("Last Tool Used")[2]
    assert "Show Details" in text
    assert "AI Client Configuration" in text


def test_every_supported_client_is_there_with_the_urls_filled_in() -> None:
    page = signed_in(make_admin()).get(screen("info", make_user()))
    text = text_of(page)

    for client in (
        "Claude Code",
        "Claude Desktop/Web",
        "Gemini CLI",
        "OpenAI Codex",
        "OpenAI ChatGPT",
        "Cursor",
        "VS Code",
        "Other",
    ):
        assert client in text
    server = str(page.context["server"].url)
    assert server.endswith("/mcp")
    assert text.count(f"MCP Server URL {server}") == 8
    assert text.count(f"OAuth authorization URL {server}/oauth/authorize") == 8


def test_revoke_all_tokens_is_shown_but_inactive_without_tokens() -> None:
    jane, browser = make_user("jane"), signed_in(make_admin())

    without = browser.get(screen("info", jane)).content.decode()
    make_connection(jane)
    with_one = browser.get(screen("info", jane)).content.decode()

    assert "disabled aria-describedby" in without
    assert "There is no active token." in without
    assert f"{screen('revoke', jane)}?next=" in with_one


def test_a_viewer_sees_the_state_but_no_form() -> None:
    jane = make_user("jane")
    make_connection(jane)

    page = signed_in(make_user(permissions=(VIEW,))).get(screen("info", jane))

    assert "You may not change MCP access." in text_of(page)
    assert 'type="password"' not in page.content.decode()
    assert "Revoke All Tokens" not in text_of(page)


def test_lesser_administrators_are_told_why_superusers_are_off_limits() -> None:
    root = make_admin("root")

    page = signed_in(make_user(permissions=(VIEW, CHANGE, REVOKE))).get(
        screen("info", root)
    )

    assert "Only superusers may change the access of superusers." in text_of(page)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_active": False}, "This user is inactive"),
        ({"is_staff": False}, "This user may not sign in to the admin"),
    ],
)
def test_the_page_opens_for_any_user_and_says_what_stands_in_the_way(
    facts: dict[str, bool], words: str
) -> None:
    user = make_user(**facts)  # type: ignore[arg-type]  # handed on by name

    assert words in text_of(signed_in(make_admin()).get(screen("info", user)))


def test_without_a_site_url_the_page_says_what_is_missing(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {}
    settings.DEBUG = False

    text = text_of(signed_in(make_admin()).get(screen("info", make_user())))

    assert 'set AGENT_CONNECTOR["SITE_URL"]' in text
