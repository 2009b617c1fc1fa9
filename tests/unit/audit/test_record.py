"""The record: one row an attempt, together with the change or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from agent_connector.audit.record import (
    Attempt,
    record_call,
    record_event,
    record_revocations,
)
from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.models import Connection, Event, MCPAccess, ToolCall
from agent_connector.policy.caller import Caller
from panel.shop.models import Category
from tests.factories import NOON, make_admin, make_client, make_connection, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=7)
Outcome = ToolCall.Outcome


def make_caller(*, username: str = "", client: str = "Cursor") -> Caller:
    connection, _ = make_connection(make_user(username), make_client(client), now=NOON)
    return Caller(connection=connection, level="write", address="192.0.2.9")


def record(
    caller: Caller, attempt: Attempt, outcome: str = Outcome.DONE, **more: Any
) -> ToolCall:
    return record_call(
        caller,
        attempt,
        outcome=Outcome(outcome),
        now=LATER,
        duration=timedelta(milliseconds=12),
        **more,
    )


def test_an_attempt_leaves_one_row_with_its_facts() -> None:
    caller = make_caller(username="jane")
    attempt = Attempt(
        tool="update_record",
        arguments={"fields": {"price": 3, "password": "hunter2"}},
        model="shop.product",
        object_id="7",
    )

    record(caller, attempt, Outcome.FAILED, reason="It did not fit.")

    call = ToolCall.objects.get()
    assert (call.user, call.user_name) == (caller.user, "jane")
    assert (call.connection, call.client_name) == (caller.connection, "Cursor")
    assert (call.tool, call.model, call.object_id) == (
        "update_record",
        "shop.product",
        "7",
    )
    assert (call.outcome, call.reason) == ("failed", "It did not fit.")
    assert call.arguments == {"fields": {"price": 3, "password": "[redacted]"}}
    assert (call.at, call.duration) == (LATER, timedelta(milliseconds=12))
    assert call.address == "192.0.2.9"


@pytest.mark.parametrize(
    ("outcome", "used"),
    [
        (Outcome.DONE, True),
        (Outcome.FAILED, True),
        (Outcome.ASKED, True),
        (Outcome.REFUSED, False),
    ],
)
def test_last_used_is_written_unless_the_call_was_refused(
    outcome: str, *, used: bool
) -> None:
    caller = make_caller()
    other = make_caller()

    record(caller, Attempt(tool="whoami"), outcome)

    connection = Connection.objects.get(pk=caller.connection.pk)
    access = MCPAccess.objects.get(pk=caller.user.pk)
    if used:
        assert (connection.last_used_at, access.last_used_at) == (LATER, LATER)
        assert connection.last_used_from == "192.0.2.9"
    else:
        assert (connection.last_used_at, access.last_used_at) == (None, None)
    assert MCPAccess.objects.get(pk=other.user.pk).last_used_at is None


def test_change_and_record_stand_or_fall_together() -> None:
    caller = make_caller()

    with transaction.atomic():
        Category.objects.create(name="Never")
        record(caller, Attempt(tool="create_record"))
        transaction.set_rollback(True)

    assert not Category.objects.filter(name="Never").exists()
    assert not ToolCall.objects.exists()
    assert Connection.objects.get().last_used_at is None


@pytest.mark.parametrize(
    "hostile",
    ["\x00", "\ud800", "x" * 10_000, "زبد 🧈\u202e", "'; DROP TABLE auth_user; --"],
)
def test_hostile_text_is_recorded_without_an_error(hostile: str) -> None:
    caller = make_caller()
    attempt = Attempt(
        tool=hostile,
        arguments={hostile: [hostile, {"deeper": hostile}]},
        model=hostile,
        object_id=hostile,
    )

    call = record(caller, attempt, Outcome.REFUSED, reason=hostile)

    call.refresh_from_db()
    assert len(call.tool) <= 128
    assert len(call.reason) <= 500


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(float("nan"), id="not a number"),
        pytest.param(float("inf"), id="infinite"),
        pytest.param(10**400, id="immense"),
        pytest.param(10**5000, id="too long to write"),
    ],
)
def test_numbers_that_a_database_refuses_are_recorded_without_an_error(
    number: float,
) -> None:
    record(make_caller(), Attempt(tool="search_records", arguments={"page": number}))

    assert ToolCall.objects.get().arguments == {"page": "[cut]"}


def test_a_secret_anywhere_in_an_attempt_is_not_recorded() -> None:
    secret = mint_secret(Prefix.ACCESS)
    attempt = Attempt(
        tool=secret,
        arguments={"query": f"find {secret}"},
        model=secret,
        object_id=secret,
    )

    record(make_caller(), attempt, Outcome.REFUSED, reason=f"What is {secret}?")

    assert secret[4:] not in str(ToolCall.objects.values().get())


def test_showing_an_attempt_shows_no_arguments() -> None:
    assert "hunter2" not in repr(
        Attempt(tool="update_record", arguments={"password": "hunter2"})
    )


def test_a_record_takes_three_statements_and_a_refusal_one() -> None:
    caller = make_caller()
    assert caller.user.mcp_access.enabled  # loaded, as the verification loads it

    with statements() as done:
        record(caller, Attempt(tool="whoami"))
    with statements() as refused:
        record(caller, Attempt(tool="whoami"), Outcome.REFUSED)

    assert (len(done), len(refused)) == (3, 1)


def test_a_call_outlives_its_user_and_connection() -> None:
    caller = make_caller(username="jane")
    record(caller, Attempt(tool="whoami"))

    caller.user.delete()

    call = ToolCall.objects.get()
    assert (call.user, call.connection) == (None, None)
    assert (call.user_name, call.client_name) == ("jane", "Cursor")


def test_an_event_holds_what_it_is_given_but_no_secret() -> None:
    user, admin = make_user(), make_admin()
    secret = mint_secret(Prefix.CODE)

    record_event(
        Event.Kind.PASSWORD_REFUSED,
        now=NOON,
        user=user,
        actor=admin,
        address="::1",
        detail=f"tried {secret} " + "x" * 900,
    )

    event = Event.objects.get()
    assert (event.user, event.actor, event.at) == (user, admin, NOON)
    assert (event.address, event.connection) == ("::1", None)
    assert event.detail.startswith("tried [redacted]")
    assert len(event.detail) == 500


def test_an_event_needs_nobody() -> None:
    record_event(Event.Kind.CLIENT_REGISTERED, now=NOON)

    event = Event.objects.get()
    assert (event.user, event.actor, event.address) == (None, None, None)


@pytest.mark.parametrize("number", [1, 3])
def test_revocations_are_recorded_in_one_statement(number: int) -> None:
    user = make_user()
    for _ in range(number):
        make_connection(user, now=NOON)

    with statements() as seen:
        record_revocations(
            Connection.objects.all(),
            actor=user,
            reason="user",
            now=LATER,
            address=None,
        )

    assert len(seen) == 1
    revoked = Event.objects.filter(kind="connection_revoked")
    assert revoked.count() == number
    assert set(revoked.values_list("actor", "user", "detail")) == {
        (user.pk, user.pk, "user")
    }


def test_a_sign_in_name_that_is_no_text_is_written_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = make_user()
    monkeypatch.setattr(type(user), "get_username", lambda _self: 4711)

    record_event(Event.Kind.CONSENT_DENIED, now=NOON, user=user, actor=user)

    event = Event.objects.get(kind=Event.Kind.CONSENT_DENIED)
    assert (event.user_name, event.actor_name) == ("4711", "4711")
