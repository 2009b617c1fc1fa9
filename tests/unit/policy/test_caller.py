"""The caller: who it is, by which client, within which scopes."""

from __future__ import annotations

import pytest

from agent_connector.policy.caller import Caller
from agent_connector.policy.scopes import Scope
from tests.factories import make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_a_caller_is_the_user_of_its_connection() -> None:
    user = make_user("jane")
    connection, _ = make_connection(user, make_client("Cursor"))

    caller = Caller(connection=connection, level="write")

    assert caller.user == user
    assert caller.client_name == "Cursor"
    assert caller.scopes == (Scope.READ, Scope.WRITE)


def test_a_connection_without_a_client_goes_by_its_label() -> None:
    connection, _ = make_connection(make_user())
    connection.client_name = ""
    connection.label = "nightly report"

    assert Caller(connection=connection, level="read").client_name == "nightly report"


def test_showing_a_caller_shows_no_secret() -> None:
    connection, pair = make_connection(make_user())

    shown = repr(Caller(connection=connection, level="read"))

    assert pair.access not in shown
    assert pair.refresh not in shown
