"""Revoke tokens, followed by the words of the documentation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import (
    GRID,
    calls,
    follow,
    messages_in,
    shown_on,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def _confirm(browser: Client, page: Any) -> Any:
    """Send the page's own form with all its hidden fields."""
    [form] = re.findall(
        r'<form method="post" class="aac-buttons">.*?</form>',
        page.content.decode(),
        re.DOTALL,
    )
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    address = page.request["PATH_INFO"]
    return browser.post(address, fields, follow=True)


def _open_tab(browser: Client, user: User) -> Any:
    users = follow(browser, browser.get("/admin/"), "All Users")
    return follow(browser, follow(browser, users, user.username), "MCP Info")


def test_all_tokens_of_a_user(browser: Client) -> None:
    jane = make_user("jane")
    pairs = [make_connection(jane, make_client())[1] for _ in range(2)]

    asked = follow(browser, _open_tab(browser, jane), "Revoke All Tokens")
    assert [calls(pair.access) for pair in pairs] == [200, 200]
    done = _confirm(browser, asked)

    assert "Revoked 2 tokens of jane." in messages_in(done)[0]
    assert "Active Tokens 0" in text_of(done)
    assert [calls(pair.access) for pair in pairs] == [401, 401]


def test_a_specific_token(browser: Client) -> None:
    jane = make_user("jane")
    _, doomed = make_connection(jane, make_client("Cursor"))
    _, spared = make_connection(jane, make_client("Codex"))

    grid = follow(browser, browser.get("/admin/"), "MCP Users")
    narrowed = browser.get(grid.request["PATH_INFO"], {"q": "jane"})
    details = follow(browser, narrowed, "Details")
    cursor = details.content.decode().partition("Cursor")[2]
    address = re.search(r'href="([^"]+/revoke/)\?', cursor)
    assert address is not None
    done = _confirm(browser, browser.get(address[1]))

    assert "Token of Cursor revoked." in messages_in(done)[0]
    assert calls(doomed.access) == 401
    assert calls(spared.access) == 200


def test_several_users_at_once(browser: Client) -> None:
    chosen = [make_user("one"), make_user("two")]
    pairs = [make_connection(user, make_client())[1] for user in chosen]
    _, spared = make_connection(make_user("three"))
    selected = {"_selected_action": [user.pk for user in chosen]}

    grid = follow(browser, browser.get("/admin/"), "MCP Users")
    assert "Actions" in text_of(grid)
    assert ">Submit</button>" in grid.content.decode()
    asked = browser.post(GRID, {"action": "revoke", "index": "0", **selected})
    assert "Active Tokens" in text_of(asked)
    form = {"action": "revoke", "confirm": "yes", "shown": shown_on(asked)}
    done = browser.post(GRID, {**form, **selected}, follow=True)

    assert messages_in(done) == ["Revoked 2 tokens of 2 users."]
    assert [calls(pair.access) for pair in pairs] == [401, 401]
    assert calls(spared.access) == 200
