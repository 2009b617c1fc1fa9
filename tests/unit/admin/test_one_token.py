"""A question about one token: of its own user alone, asked before it is acted on."""

from __future__ import annotations

import pytest

from agent_connector.models import Connection
from tests.factories import NOON, make_admin, make_connection, make_user
from tests.screens import VIEW, screen, signed_in

pytestmark = pytest.mark.django_db
YES = {"confirm": "yes", "next": "/admin/"}
each_question = pytest.mark.parametrize("name", ["token_revoke", "token_resume"])


def make_suspended() -> Connection:
    connection, _ = make_connection(make_user())
    Connection.objects.filter(pk=connection.pk).update(suspended_at=NOON)
    return connection


def is_as_it_was(connection: Connection) -> bool:
    connection.refresh_from_db()
    return (connection.revoked_at, connection.suspended_at) == (None, NOON)


@each_question
def test_asking_does_nothing_and_a_yes_does_it_and_leads_back(name: str) -> None:
    connection = make_suspended()
    address = screen(name, connection.user, connection.public_id)
    browser = signed_in(make_admin("root"))

    assert browser.get(address).status_code == 200
    assert browser.post(address, {"next": "/admin/"}).status_code == 200
    assert is_as_it_was(connection)

    done = browser.post(address, YES)

    assert (done.status_code, done["Location"]) == (302, "/admin/")
    assert not is_as_it_was(connection)


@each_question
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_of_somebody_else_is_not_there(name: str, method: str) -> None:
    connection = make_suspended()
    address = screen(name, make_user(), connection.public_id)

    answer = getattr(signed_in(make_admin("root")), method)(address, YES)

    assert answer.status_code == 404
    assert is_as_it_was(connection)


@each_question
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_only_look_may_not(name: str, method: str) -> None:
    connection = make_suspended()
    address = screen(name, connection.user, connection.public_id)
    viewer = signed_in(make_user(permissions=(VIEW,)))

    assert getattr(viewer, method)(address, YES).status_code == 403
    assert is_as_it_was(connection)
