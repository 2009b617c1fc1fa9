"""Disabling ends the tokens in the same moment."""

from __future__ import annotations

import pytest

from agent_connector.models import Connection, Event, MCPAccess
from tests.commands import run
from tests.factories import make_connection, make_user

pytestmark = pytest.mark.django_db


def test_tokens_end_with_the_access() -> None:
    jane = make_user("jane")
    make_connection(jane)

    ran = run("disable", "jane", "--json")

    assert (ran.code, ran.document) == (
        0,
        {"dry_run": False, "users": ["jane"], "revoked_tokens": 1},
    )
    assert not MCPAccess.objects.get(user=jane).enabled
    via = "manage.py agent_connector disable"
    events = Event.objects.filter(detail__contains="manage.py")
    assert {(event.kind, event.detail) for event in events} == {
        (Event.Kind.ACCESS_DISABLED, via),
        (Event.Kind.CONNECTION_REVOKED, f"disabled; {via}"),
    }


def test_a_dry_run_ends_nothing() -> None:
    make_connection(make_user("jane"))

    ran = run("disable", "jane", "--dry-run")

    assert ran.out == ("Would disable MCP access of jane. Tokens revoked: 1.\n")
    assert MCPAccess.objects.get().enabled
    assert Connection.objects.get().revoked_at is None


def test_disabling_twice_is_no_error() -> None:
    make_user("jane", enabled=False)

    ran = run("disable", "jane")

    assert (ran.code, ran.err) == (0, "")
    assert "Nothing was changed." in ran.out
