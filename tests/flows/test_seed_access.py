"""Enable or disable MCP access, followed by the words of its documentation."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agent_connector.models import Connection
from tests.factories import (
    PASSWORD,
    make_admin,
    make_client,
    make_connection,
    make_user,
)
from tests.screens import calls, follow, messages_in, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def _open_tab(browser: Client, user: User) -> Any:
    """System > Permissions > All Users, the user, the tab MCP Info."""
    users = follow(browser, browser.get("/admin/"), "All Users")
    return follow(browser, follow(browser, users, user.username), "MCP Info")


def _save(browser: Client, user: User, access: str, password: str = PASSWORD) -> Any:
    page = _open_tab(browser, user)
    assert page.status_code == 200
    form = {"access": access, "password": password, "next": page.request["PATH_INFO"]}
    return browser.post(page.context["access_url"], form, follow=True)


def test_the_tab_asks_for_the_state_and_the_own_password(browser: Client) -> None:
    page = _open_tab(browser, make_user("jane"))

    for words in ("MCP Access", "Your Current Admin Password", "Save"):
        assert words in text_of(page)
    assert '<option value="enabled" selected>Enabled</option>' in page.content.decode()
    assert '<option value="disabled">Disabled</option>' in page.content.decode()


def test_an_administrator_enables_a_user(browser: Client) -> None:
    jane = make_user("jane", enabled=False)

    page = _save(browser, jane, "enabled")

    assert messages_in(page) == ["MCP access enabled. jane can authorize clients now."]
    assert "MCP Access Enabled" in text_of(page)


def test_the_password_confirms_it(browser: Client) -> None:
    jane = make_user("jane")

    page = _save(browser, jane, "disabled", password="wrong")

    assert "This is not your current password" in text_of(page)
    assert "MCP Access Enabled" in text_of(page)


def test_disabling_revokes_all_active_tokens_at_once(browser: Client) -> None:
    jane, bystander = make_user("jane"), make_user("bystander")
    pairs = [make_connection(jane, make_client())[1] for _ in range(2)]
    _, theirs = make_connection(bystander)
    assert [calls(pair.access) for pair in pairs] == [200, 200]

    page = _save(browser, jane, "disabled")

    assert "2 tokens of jane revoked" in messages_in(page)[0]
    assert [calls(pair.access) for pair in pairs] == [401, 401]
    assert calls(theirs.access) == 200


def test_after_enabling_again_each_client_must_be_authorized_anew(
    browser: Client,
) -> None:
    jane = make_user("jane")
    _, pair = make_connection(jane)
    _save(browser, jane, "disabled")

    _save(browser, jane, "enabled")

    assert calls(pair.access) == 401
    assert not Connection.objects.filter(revoked_at=None).exists()
    jane = User.objects.select_related("mcp_access").get(pk=jane.pk)
    _, fresh = make_connection(jane)
    assert calls(fresh.access) == 200
