"""Signals: sent after the change is committed, and never before or instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.dispatch import Signal
from pytest_django import DjangoCaptureOnCommitCallbacks

from agent_connector import signals
from agent_connector.audit.record import Attempt, record_call
from agent_connector.connections.access import disable_access, enable_access
from agent_connector.connections.revoke import revoke_connection
from agent_connector.connections.rotate import rotate_refresh_token
from agent_connector.models import Client, Connection, ToolCall
from agent_connector.policy.caller import Caller
from tests.factories import (
    NOON,
    make_admin,
    make_connection,
    make_personal,
    make_user,
)

pytestmark = pytest.mark.django_db

NAMES = ("connection_opened", "connections_revoked", "access_changed", "tool_called")
Heard = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Collect the public signals, by name and arguments, in the order they come."""
    collected: Heard = []
    receivers = {}
    for name in NAMES:

        def hear(name: str = name, **arguments: Any) -> None:
            del arguments["signal"]
            collected.append((name, arguments))

        signal: Signal = getattr(signals, name)
        signal.connect(hear)
        receivers[name] = (signal, hear)
    yield collected
    for signal, receiver in receivers.values():
        signal.disconnect(receiver)


def test_opening_is_announced_when_it_is_committed(
    heard: Heard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        connection, _ = make_connection(make_user(), now=NOON)
        assert heard == []

    assert heard == [
        ("connection_opened", {"sender": Connection, "connection": connection})
    ]
    assert heard[0][1]["connection"].exchanged_at == NOON


def test_a_personal_token_is_announced_when_it_is_committed(
    heard: Heard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        issued = make_personal(make_user(), now=NOON)
        assert heard == []

    assert heard == [
        ("connection_opened", {"sender": Connection, "connection": issued.connection})
    ]


def test_a_revocation_is_announced_when_it_is_committed(
    heard: Heard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    admin = make_admin()
    reason = Connection.RevokedReason.ADMIN

    with django_capture_on_commit_callbacks(execute=True):
        revoke_connection(connection, reason=reason, actor=admin, now=NOON)
        revoke_connection(connection, reason=reason, actor=admin, now=NOON)
        assert heard == []

    assert heard == [
        (
            "connections_revoked",
            {
                "sender": Connection,
                "connection_ids": [connection.pk],
                "actor": admin,
                "reason": reason,
            },
        )
    ]


def test_an_alarm_announces_the_end_of_the_connection(
    heard: Heard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    _, pair = make_connection(make_user(), now=NOON)

    with django_capture_on_commit_callbacks(execute=True):
        for days in (0, 2, 3):  # later than any answer is lost
            rotate_refresh_token(
                pair.refresh,
                client=Client.objects.get(),
                level="",
                now=NOON + timedelta(days=days),
                address=None,
            )

    assert [(name, arguments["reason"]) for name, arguments in heard] == [
        ("connections_revoked", Connection.RevokedReason.REUSE)
    ]


def test_a_change_of_access_is_announced_when_it_is_committed(
    heard: Heard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user, admin = make_user(enabled=False), make_admin()

    with django_capture_on_commit_callbacks(execute=True):
        enable_access([user.pk], actor=admin, now=NOON)
        enable_access([user.pk], actor=admin, now=NOON)
        assert heard == []
    with django_capture_on_commit_callbacks(execute=True):
        disable_access([user.pk], actor=admin, now=NOON)

    assert [
        (name, arguments["user_ids"], arguments["enabled"], arguments["actor"])
        for name, arguments in heard
    ] == [
        ("access_changed", [user.pk], True, admin),
        ("access_changed", [user.pk], False, admin),
    ]


def test_a_tool_call_is_announced_when_it_is_committed(
    heard: Heard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    connection, _ = make_connection(make_user(), now=NOON)

    with django_capture_on_commit_callbacks(execute=True):
        call = record_call(
            Caller(connection=connection, level="read"),
            Attempt(tool="whoami"),
            outcome=ToolCall.Outcome.REFUSED,
            now=NOON,
            duration=timedelta(milliseconds=3),
        )
        assert heard == []

    assert heard == [("tool_called", {"sender": ToolCall, "tool_call": call})]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_announced(heard: Heard) -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    heard.clear()

    with transaction.atomic():
        revoke_connection(
            connection,
            reason=Connection.RevokedReason.ADMIN,
            actor=None,
            now=NOON,
        )
        transaction.set_rollback(True)

    connection.refresh_from_db()
    assert connection.revoked_at is None
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_undoes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError

    connection, _ = make_connection(make_user(), now=NOON)
    signals.connections_revoked.connect(fail)
    try:
        revoke_connection(
            connection, reason=Connection.RevokedReason.ADMIN, actor=None, now=NOON
        )
    finally:
        signals.connections_revoked.disconnect(fail)

    connection.refresh_from_db()
    assert connection.revoked_at == NOON
    assert "RuntimeError" in caplog.text
