"""The MCP Info tab and Account Setting, followed by the words of the documentation."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import ACCOUNT, calls, follow, signed_in, text_of

pytestmark = pytest.mark.django_db


def _open_tab(browser: Client, user: User) -> Any:
    users = follow(browser, browser.get("/admin/"), "All Users")
    return follow(browser, follow(browser, users, user.username), "MCP Info")


def test_every_admin_user_has_the_tab_on_their_edit_page() -> None:
    browser = signed_in(make_admin("root"))
    for user in (make_user("connected"), make_user("never", enabled=False)):
        page = _open_tab(browser, user)

        assert page.status_code == 200
        assert "User Info MCP Info" in text_of(page)


def test_the_tab_shows_status_and_connection_summary() -> None:
    browser, jane = signed_in(make_admin("root")), make_user("jane")
    _, pair = make_connection(jane, make_client("Claude Code"))
    assert calls(pair.access) == 200

    text = text_of(_open_tab(browser, jane))

    assert "MCP Access Enabled" in text
    assert "Connected Clients 1" in text
    assert "Active Tokens 1" in text
    assert "Expired/Revoked Tokens 0" in text
    assert "Last Tool Used –" not in text  # noqa: RUF001  # the dash of nothing


def test_show_details_opens_the_token_grid() -> None:
    browser, jane = signed_in(make_admin("root")), make_user("jane")
    make_connection(jane, make_client("Claude Code"))

    text = text_of(follow(browser, _open_tab(browser, jane), "Show Details"))

    assert "Token Details" in text
    assert "Claude Code Active" in text


def test_each_supported_client_has_its_instructions_filled_in() -> None:
    page = _open_tab(signed_in(make_admin("root")), make_user("jane"))
    text = text_of(page)

    url = page.context["server"].url
    assert text.count(f"MCP Server URL {url}") == 8
    assert (
        f"claude mcp add --transport http {page.context['server'].name} {url}" in text
    )
    for client in ("Gemini CLI", "OpenAI Codex", "OpenAI ChatGPT", "Cursor", "VS Code"):
        assert client in text


def test_a_click_on_the_username_opens_ones_own_account_setting() -> None:
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    make_connection(jane, make_client("Claude Code"))
    browser = signed_in(jane)

    welcome = browser.get("/admin/").content.decode()
    page = browser.get(ACCOUNT)

    top = welcome[welcome.index('id="user-tools"') :]
    assert f'href="{ACCOUNT}"' in top.partition("jane</span>")[0]
    for words in ("Account Setting", "Jane Doe", "MCP Access Enabled", "Claude Code"):
        assert words in text_of(page)
