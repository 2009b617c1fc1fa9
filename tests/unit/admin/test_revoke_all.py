"""Revoke all tokens of one user, after a plain confirmation."""

from __future__ import annotations

import pytest
from django.test import Client

from agent_connector.models import Connection, MCPAccess
from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import GRID, messages_in, screen, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root"))


def test_it_says_what_will_be_lost_before_it_acts(browser: Client) -> None:
    jane = make_user("jane")
    for name in ("Cursor", "Codex"):
        make_connection(jane, make_client(name))

    text = text_of(browser.get(screen("revoke", jane)))
    browser.post(screen("revoke", jane), {"confirm": "no"})

    assert "2 active tokens of jane will be revoked." in text
    assert "Cursor" in text
    assert "Codex" in text
    assert Connection.objects.filter(revoked_at=None).count() == 2


def test_it_revokes_all_of_this_user_and_leaves_access_alone(browser: Client) -> None:
    jane = make_user("jane")
    for _ in range(2):
        make_connection(jane, make_client())
    spared, _ = make_connection(make_user())

    page = browser.post(screen("revoke", jane), {"confirm": "yes"}, follow=True)

    assert messages_in(page) == [
        "Revoked 2 tokens of jane. Each client must be authorized again."
    ]
    assert page.redirect_chain == [(screen("info", jane), 302)]
    assert [one.pk for one in Connection.objects.filter(revoked_at=None)] == [spared.pk]
    assert MCPAccess.objects.get(user=jane).enabled


def test_it_leads_back_to_the_grid_that_it_came_from(browser: Client) -> None:
    form = {"confirm": "yes", "next": f"{GRID}?q=j"}

    page = browser.post(screen("revoke", make_user()), form, follow=True)

    assert page.redirect_chain == [(f"{GRID}?q=j", 302)]


def test_where_nothing_is_active_there_is_nothing_to_confirm(browser: Client) -> None:
    jane = make_user("jane")

    text = text_of(browser.get(screen("revoke", jane)))
    page = browser.post(screen("revoke", jane), {"confirm": "yes"}, follow=True)

    assert "jane has no active token: there is nothing to revoke." in text
    assert messages_in(page) == ["jane had no active token. Nothing was changed."]


def test_everybody_revokes_their_own() -> None:
    user = make_user()
    make_connection(user)

    signed_in(user).post(screen("revoke", user), {"confirm": "yes"})

    assert Connection.objects.get().revoked_reason == Connection.RevokedReason.USER
