"""Revoke one token, after a plain confirmation."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from agent_connector.connections.refusal import Refusal
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Connection, Event
from agent_connector.policy.site import resource_url
from tests.factories import (
    make_admin,
    make_client,
    make_connection,
    make_personal,
    make_user,
)
from tests.screens import ACCOUNT, messages_in, screen, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root"))


def test_it_asks_before_it_acts(browser: Client) -> None:
    user = make_user("jane")
    connection, _ = make_connection(user, make_client("Cursor"))
    address = screen("token_revoke", user, connection.public_id)

    page = browser.get(address)
    unconfirmed = browser.post(address)

    assert "The token of Cursor will be revoked." in text_of(page)
    assert "The token of Cursor will be revoked." in text_of(unconfirmed)
    connection.refresh_from_db()
    assert connection.revoked_at is None


def test_a_personal_token_is_explained_as_one(browser: Client) -> None:
    user = make_user("jane")
    token = make_personal(user).connection
    address = screen("token_revoke", user, token.public_id)

    asked = text_of(browser.get(address))
    done = browser.post(address, {"confirm": "yes"}, follow=True)

    assert f"The token {token.label} of jane will be revoked." in asked
    assert "Scripts that use it stop at once. A new token has to be made." in asked
    assert "authorized again" not in asked
    assert messages_in(done) == [
        f"Token {token.label} revoked. Scripts that use it are refused now."
    ]


def test_of_ones_own_it_says_no_name() -> None:
    user = make_user("jane")
    own = make_personal(user).connection
    connection, _ = make_connection(user, make_client("Cursor"))
    browser = signed_in(user)

    personal = text_of(browser.get(screen("token_revoke", user, own.public_id)))
    client = text_of(browser.get(screen("token_revoke", user, connection.public_id)))

    assert f"The token {own.label} will be revoked. Scripts" in personal
    assert "This client loses its connection at once" in client


def test_it_ends_this_token_and_no_other(browser: Client) -> None:
    user = make_user()
    one, pair = make_connection(user, make_client("Cursor"))
    other, _ = make_connection(user, make_client("Codex"))

    page = browser.post(
        screen("token_revoke", user, one.public_id), {"confirm": "yes"}, follow=True
    )

    one.refresh_from_db()
    other.refresh_from_db()
    assert messages_in(page) == [
        "Token of Cursor revoked. The client has lost its connection."
    ]
    assert page.redirect_chain == [(screen("tokens", user), 302)]
    assert one.revoked_reason == Connection.RevokedReason.ADMIN
    assert one.revoked_by is not None
    assert one.revoked_by.username == "root"
    assert other.revoked_at is None
    assert one.revoked_at is not None
    verdict = verify_access_token(
        pair.access, resource=resource_url(), now=one.revoked_at, address=None
    )
    assert isinstance(verdict, Refusal)


def test_revoking_ones_own_is_recorded_as_such_and_leads_back() -> None:
    user = make_user()
    connection, _ = make_connection(user)
    form = {"confirm": "yes", "next": ACCOUNT}

    page = signed_in(user).post(
        screen("token_revoke", user, connection.public_id), form, follow=True
    )

    connection.refresh_from_db()
    assert connection.revoked_reason == Connection.RevokedReason.USER
    assert page.redirect_chain == [(ACCOUNT, 302)]


def test_a_second_revoke_is_harmless(browser: Client) -> None:
    user = make_user()
    connection, _ = make_connection(user, make_client("Cursor"))
    address = screen("token_revoke", user, connection.public_id)
    browser.post(address, {"confirm": "yes"})

    again = browser.post(address, {"confirm": "yes"}, follow=True)

    assert messages_in(again)[-1] == "This token of Cursor was revoked before."
    assert "there is nothing to revoke" in text_of(browser.get(address))
    assert Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED).count() == 1


def test_a_token_of_another_user_is_not_found(browser: Client) -> None:
    foreign, _ = make_connection(make_user())

    for public_id in (foreign.public_id, uuid.uuid4()):
        address = screen("token_revoke", make_user(), public_id)
        assert browser.post(address, {"confirm": "yes"}).status_code == 404

    foreign.refresh_from_db()
    assert foreign.revoked_at is None
