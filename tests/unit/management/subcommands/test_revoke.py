"""Each way to revoke ends just the tokens it names, on record and for good."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from agent_connector.connections.issue import TokenPair
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Client, Connection, Event
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.commands import run
from tests.factories import (
    make_admin,
    make_client,
    make_connection,
    make_personal,
    make_user,
)
from tests.hearing import hear

pytestmark = pytest.mark.django_db
VIA = "manage.py agent_connector revoke"


def works(pair: TokenPair) -> bool:
    answer = verify_access_token(
        pair.access, resource=resource_url(), now=timezone.now(), address=None
    )
    return isinstance(answer, Caller)


@pytest.fixture
def world() -> dict[str, Any]:
    """Jane uses Cursor and Codex, Omar uses Cursor."""
    jane, omar = make_user("jane"), make_user("omar")
    cursor = make_client("Cursor", client_id="cursor", kind=Client.Kind.MANUAL)
    return {
        "jane+cursor": make_connection(jane, cursor),
        "jane+codex": make_connection(jane, make_client("Codex")),
        "omar+cursor": make_connection(omar, cursor),
    }


def living(world: dict[str, Any]) -> set[str]:
    return {name for name, (_, pair) in world.items() if works(pair)}


@pytest.mark.parametrize(
    ("arguments", "left", "answer"),
    [
        (("--user", "jane"), {"omar+cursor"}, "Revoked 2 tokens of 1 user.\n"),
        (("--user", "jane", "omar"), set(), "Revoked 3 tokens of 2 users.\n"),
        (
            ("--client", "cursor", "--yes"),
            {"jane+codex"},
            "Revoked 2 tokens of 2 users.\n",
        ),
        (("--all", "--yes"), set(), "Revoked 3 tokens of 2 users.\n"),
    ],
)
def test_what_is_named_ends(
    world: dict[str, Any], arguments: tuple[str, ...], left: set[str], answer: str
) -> None:
    assert living(world) == set(world)

    ran = run("revoke", *arguments)

    assert (ran.code, ran.out) == (0, answer)
    assert living(world) == left
    events = Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED)
    assert {(event.detail, event.actor) for event in events} == {
        (f"admin; {VIA}", None)
    }
    assert events.count() == len(world) - len(left)


def test_one_token_is_named_by_its_public_id(world: dict[str, Any]) -> None:
    connection, _ = world["jane+codex"]
    make_admin("root")

    ran = run("revoke", "--token", str(connection.public_id), "--as", "root")

    assert ran.out == "Revoked 1 token of 1 user.\n"
    assert living(world) == {"jane+cursor", "omar+cursor"}
    event = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert event.detail == f"Codex: admin; {VIA}"
    assert event.actor is not None
    assert event.actor.get_username() == "root"


def test_a_leaked_token_is_found_in_the_text_that_it_stands_in(
    world: dict[str, Any],
) -> None:
    _, pair = world["omar+cursor"]
    personal = make_personal(make_user("priya"))
    text = f"curl -H 'Authorization: Bearer {pair.access}'\n{personal.text}\n"

    ran = run("revoke", "--leaked", stdin=text)

    assert ran.out == "Revoked 2 tokens of 2 users.\n"
    assert living(world) == {"jane+cursor", "jane+codex"}
    reasons = Connection.objects.exclude(revoked_at=None)
    assert set(reasons.values_list("revoked_reason", flat=True)) == {"leak"}
    assert pair.access not in ran.out + ran.err


@pytest.mark.parametrize("text", ["", "nothing", "aca_tooShort"])
def test_a_text_without_a_token_is_refused(world: dict[str, Any], text: str) -> None:
    ran = run("revoke", "--leaked", stdin=text)

    assert (ran.code, ran.out) == (1, "")
    assert "no token of this site in it" in ran.err
    assert living(world) == set(world)


@pytest.mark.parametrize("arguments", [("--all",), ("--client", "cursor")])
def test_a_mass_act_says_how_many_and_asks(
    world: dict[str, Any], arguments: tuple[str, ...]
) -> None:
    typed_wrong = run("revoke", *arguments, stdin="yes\n", at_terminal=True)

    assert typed_wrong.code == 1
    assert "tokens of 2 users.\nType REVOKE to go on" in typed_wrong.err
    assert run("revoke", *arguments).code == 2
    assert living(world) == set(world)
    assert run("revoke", *arguments, stdin="REVOKE\n", at_terminal=True).code == 0
    assert living(world) != set(world)


@pytest.mark.parametrize(
    "arguments", [("--all",), ("--user", "jane"), ("--client", "cursor")]
)
def test_a_dry_run_ends_nothing_and_tells_nobody(
    world: dict[str, Any],
    arguments: tuple[str, ...],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        hear("connections_revoked") as heard,
        django_capture_on_commit_callbacks(execute=True),
    ):
        ran = run("revoke", *arguments, "--dry-run", "--json")

    assert ran.document["dry_run"] is True
    assert ran.document["revoked_tokens"] >= 2
    assert (living(world), heard) == (set(world), [])
    assert not Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED).exists()


def test_the_signal_is_sent_once_with_the_reason(
    world: dict[str, Any],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with (
        hear("connections_revoked") as heard,
        django_capture_on_commit_callbacks(execute=True),
    ):
        run("revoke", "--all", "--yes", "--reason", "restored")

    [said] = heard
    assert (len(said["connection_ids"]), said["actor"], said["reason"]) == (
        3,
        None,
        Connection.RevokedReason.RESTORED,
    )


def test_nothing_left_to_revoke_is_no_error() -> None:
    make_user("jane")

    ran = run("revoke", "--user", "jane")

    assert (ran.code, ran.out) == (0, "Revoked 0 tokens of 0 users.\n")
