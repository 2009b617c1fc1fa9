"""The documented steps, by visible words, in a real browser."""

from __future__ import annotations

import re

import httpx
import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agent_connector.models import MCPAccess
from tests.factories import PASSWORD, make_client, make_connection, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _calls(live_server: LiveServer, access_token: str) -> int:
    """Return the status of a real tool call over HTTP with this token."""
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "whoami", "arguments": {}},
    }
    answer = httpx.post(
        f"{live_server.url}/mcp",
        json=message,
        headers={
            "Authorization": f"Bearer {access_token}",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-06-18",
        },
    )
    return answer.status_code


def _connected(username: str, *clients: str) -> tuple[User, list[str]]:
    user = make_user(username)
    pairs = [make_connection(user, make_client(name))[1] for name in clients]
    return user, [pair.access for pair in pairs]


def _open_grid(page: Page) -> None:
    page.get_by_role("link", name="MCP Users", exact=True).first.click()
    expect(page.get_by_role("heading", name="MCP Users", level=1)).to_be_visible()


def _open_tab(page: Page, user: User) -> None:
    page.get_by_role("link", name="All Users", exact=True).first.click()
    page.get_by_role("link", name=user.username, exact=True).click()
    page.get_by_role("link", name="MCP Info", exact=True).click()
    expect(page.get_by_role("heading", name="MCP Access")).to_be_visible()


def _save(page: Page, access: str, password: str = PASSWORD) -> None:
    page.get_by_label("MCP Access", exact=True).and_(
        page.get_by_role("combobox")
    ).select_option(access)
    page.get_by_label("Your Current Admin Password").fill(password)
    page.get_by_role("button", name="Save").click()


def test_disable_and_enable_on_the_mcp_info_tab(
    page: Page, live_server: LiveServer
) -> None:
    jane, [token] = _connected("jane", "Claude Code")
    assert _calls(live_server, token) == 200

    _open_tab(page, jane)
    _save(page, "Disabled", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("not your current password")
    assert _calls(live_server, token) == 200

    _save(page, "Disabled")
    expect(page.locator(".messagelist")).to_contain_text(
        "MCP access disabled. 1 token of jane revoked."
    )
    assert _calls(live_server, token) == 401

    _save(page, "Enabled")
    expect(page.locator(".messagelist")).to_contain_text("MCP access enabled.")
    assert MCPAccess.objects.get(user=jane).enabled
    assert _calls(live_server, token) == 401


def test_revoke_all_tokens_of_a_user(page: Page, live_server: LiveServer) -> None:
    jane, tokens = _connected("jane", "Claude Code", "Cursor")

    _open_tab(page, jane)
    page.get_by_role("link", name="Revoke All Tokens").click()
    assert _calls(live_server, tokens[0]) == 200
    page.get_by_role("button", name="Revoke All Tokens").click()

    expect(page.locator(".messagelist")).to_contain_text("Revoked 2 tokens of jane.")
    expect(page.get_by_role("button", name="Revoke All Tokens")).to_be_disabled()
    assert [_calls(live_server, token) for token in tokens] == [401, 401]


def test_revoke_a_specific_token(page: Page, live_server: LiveServer) -> None:
    jane, [doomed, spared] = _connected("jane", "Cursor", "Codex")

    _open_grid(page)
    page.get_by_role("link", name=re.compile(f"Details.*{jane.username}")).click()
    page.get_by_role("link", name=re.compile("Revoke.*Cursor")).click()
    page.get_by_role("button", name="Revoke", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("Token of Cursor revoked.")
    row = page.get_by_role("row").filter(has_text="Cursor")
    expect(row).to_contain_text("Revoked")
    expect(row).to_contain_text("root")
    assert _calls(live_server, doomed) == 401
    assert _calls(live_server, spared) == 200


def test_mass_revoke(page: Page, live_server: LiveServer) -> None:
    one, first = _connected("one", "Claude Code")
    two, second = _connected("two", "Cursor")
    _, spared = _connected("three", "Codex")

    _open_grid(page)
    for user in (one, two):
        page.get_by_role("checkbox", name=f"action - {user.username}").check()
    page.get_by_role("combobox", name="Actions").select_option("Revoke")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Revoke", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("Revoked 2 tokens of 2 users.")
    assert [_calls(live_server, token) for token in first + second] == [401, 401]
    assert _calls(live_server, spared[0]) == 200


def test_the_row_menu_leads_to_disable(page: Page) -> None:
    jane, _ = _connected("jane", "Claude Code")

    _open_grid(page)
    page.get_by_role("button", name="More actions for jane").click()
    page.get_by_role("link", name="Disable", exact=True).click()
    page.get_by_label("Your Current Admin Password").fill(PASSWORD)
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="MCP Users", level=1)).to_be_visible()
    row = page.get_by_role("row").filter(has_text="jane")
    expect(row).to_contain_text("Disabled")
    assert not MCPAccess.objects.get(user=jane).enabled


def test_a_dot_is_green_while_its_client_is_connected(page: Page) -> None:
    _connected("jane", "Claude Code")

    _open_grid(page)

    dot = page.locator(".aac-dot", has_text="Claude Code")
    colour = dot.evaluate("dot => getComputedStyle(dot, '::before').backgroundColor")
    red, green, blue = map(int, re.findall(r"\d+", colour)[:3])
    assert green > red
    assert green > blue


def test_the_client_configuration_has_tabs_and_copies(
    page: Page, live_server: LiveServer
) -> None:
    del live_server
    _open_tab(page, make_user("jane"))

    page.get_by_role("tab", name="Claude Code").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Other")).to_be_focused()
    page.keyboard.press("Home")
    page.get_by_role("tab", name="OpenAI Codex").click()
    panel = page.get_by_role("tabpanel")
    expect(panel).to_have_count(1)
    expect(panel).to_contain_text("~/.codex/config.toml")
    panel.get_by_role("button", name="Copy").first.click()

    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("codex mcp add ")
    assert copied.endswith("/mcp")


def test_account_setting_is_behind_the_username(page: Page, root: User) -> None:
    page.get_by_role("banner").get_by_role("link", name=root.username).click()

    expect(page.get_by_role("heading", name="Account Setting")).to_be_visible()
    expect(page.get_by_role("heading", name="Your tokens")).to_be_visible()
