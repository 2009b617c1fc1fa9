"""A blocked client has no token that works, and gets none."""

from __future__ import annotations

import pytest

from agent_connector.models import Client, Connection, Event
from tests.commands import run
from tests.factories import make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_blocking_ends_its_tokens_on_record() -> None:
    client = make_client("Wild", client_id="wild")
    make_connection(make_user(), client)

    ran = run("block", "wild", "--yes")

    assert (ran.code, ran.out) == (0, "Wild is blocked. Tokens revoked: 1.\n")
    assert Client.objects.get().trust == Client.Trust.BLOCKED
    assert Connection.objects.get().revoked_reason == "blocked"
    event = Event.objects.get(kind=Event.Kind.CLIENT_BLOCKED)
    assert event.detail == "Wild (wild); manage.py agent_connector block"


def test_it_asks_first() -> None:
    make_client("Wild", client_id="wild")

    assert run("block", "wild").code == 2
    assert run("block", "wild", stdin="no\n", at_terminal=True).code == 1
    assert Client.objects.get().trust == Client.Trust.DEFAULT
    assert run("block", "wild", stdin="BLOCK\n", at_terminal=True).code == 0


def test_a_dry_run_blocks_nothing() -> None:
    client = make_client("Wild", client_id="wild")
    make_connection(make_user(), client)

    ran = run("block", "wild", "--dry-run", "--json")

    assert ran.document == {
        "dry_run": True,
        "client_id": "wild",
        "changed": True,
        "revoked_tokens": 1,
    }
    assert Client.objects.get().trust == Client.Trust.DEFAULT
    assert Connection.objects.get().revoked_at is None


def test_blocking_twice_is_no_error() -> None:
    make_client("Wild", client_id="wild", trust=Client.Trust.BLOCKED)

    ran = run("block", "wild")

    assert (ran.code, ran.out) == (0, "Wild was blocked before.\n")
