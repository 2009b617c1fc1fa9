"""Resume one suspended token, after a plain confirmation."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agent_connector.models import Connection, Event
from tests.factories import NOON, make_admin, make_client, make_connection, make_user
from tests.screens import (
    ACCOUNT,
    CHANGE,
    REVOKE,
    VIEW,
    messages_in,
    screen,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root"))


def make_suspended(user: User) -> Connection:
    connection, _ = make_connection(user, make_client("Cursor"))
    Connection.objects.filter(pk=connection.pk).update(
        suspended_at=NOON, refused_in_row=50
    )
    return connection


def test_it_asks_before_it_acts(browser: Client) -> None:
    user = make_user("jane")
    connection = make_suspended(user)
    address = screen("token_resume", user, connection.public_id)

    for page in (browser.get(address), browser.post(address)):
        assert "Too many calls of Cursor in a row were refused" in text_of(page)
    connection.refresh_from_db()
    assert connection.suspended_at is not None


def test_confirmed_it_works_again_on_record(browser: Client) -> None:
    user = make_user("jane")
    connection = make_suspended(user)

    page = browser.post(
        screen("token_resume", user, connection.public_id),
        {"confirm": "yes"},
        follow=True,
    )

    assert messages_in(page) == ["Token of Cursor resumed. The client works again."]
    assert page.redirect_chain == [(screen("tokens", user), 302)]
    connection.refresh_from_db()
    assert connection.suspended_at is None
    event = Event.objects.get(kind=Event.Kind.CONNECTION_RESUMED)
    assert (str(event.actor), event.user, event.address) == ("root", user, "127.0.0.1")


def test_what_is_not_suspended_is_left_alone(browser: Client) -> None:
    user = make_user()
    connection, _ = make_connection(user, make_client("Cursor"))
    address = screen("token_resume", user, connection.public_id)

    assert "is not suspended: there is nothing to resume" in text_of(
        browser.get(address)
    )
    page = browser.post(address, {"confirm": "yes"}, follow=True)

    assert "is not suspended. Nothing was changed." in messages_in(page)[0]
    assert not Event.objects.filter(kind=Event.Kind.CONNECTION_RESUMED).exists()


def test_the_status_says_suspended_and_leads_there(browser: Client) -> None:
    user = make_user()
    connection = make_suspended(user)

    page = browser.get(screen("tokens", user))

    assert "Suspended Too many calls in a row were refused." in text_of(page)
    for act in ("token_resume", "token_revoke"):
        assert screen(act, user, connection.public_id) in page.content.decode()


def test_ones_own_is_resumed_from_account_setting() -> None:
    user = make_user()
    connection = make_suspended(user)
    address = screen("token_resume", user, connection.public_id)
    browser = signed_in(user)

    assert address in browser.get(ACCOUNT).content.decode()
    browser.post(address, {"confirm": "yes"})

    connection.refresh_from_db()
    assert connection.suspended_at is None


@pytest.mark.parametrize(
    ("permissions", "status"),
    [((VIEW,), 403), ((VIEW, REVOKE), 403), ((CHANGE,), 403), ((VIEW, CHANGE), 200)],
)
def test_others_need_the_right_to_enable(
    permissions: tuple[str, ...], status: int
) -> None:
    user = make_user()
    address = screen("token_resume", user, make_suspended(user).public_id)
    browser = signed_in(make_user(permissions=permissions))

    assert browser.get(address).status_code == status


def test_only_superusers_resume_what_acts_as_a_superuser() -> None:
    boss = make_admin()
    connection = make_suspended(boss)
    browser = signed_in(make_user(permissions=(VIEW, CHANGE)))

    answer = browser.post(
        screen("token_resume", boss, connection.public_id), {"confirm": "yes"}
    )

    assert answer.status_code == 403
    connection.refresh_from_db()
    assert connection.suspended_at is not None


def test_a_token_of_another_user_is_not_found(browser: Client) -> None:
    connection = make_suspended(make_user())

    assert (
        browser.get(
            screen("token_resume", make_user(), connection.public_id)
        ).status_code
        == 404
    )
