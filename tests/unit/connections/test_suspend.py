"""Refused calls in a row suspend a connection once, and a person resumes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from agent_connector.connections.suspend import count_refused_call, resume_connection
from agent_connector.models import Connection, ConnectorSettings, Event, ToolCall
from agent_connector.notices.send import send_due_notices
from agent_connector.policy.caller import Caller
from agent_connector.signals import connection_suspended
from agent_connector.tools.definition import ToolFailed
from tests.callers import call, failure_of, make_caller
from tests.parallel import database_of_threads, in_parallel

AFTER = 3
MANY = 12


def make_patient(**facts: Any) -> Caller:
    """Return a caller whose connection is suspended after three refused calls."""
    return replace(make_caller(**facts), refused_calls_to_suspend=AFTER)


def refused(caller: Caller, times: int) -> None:
    for _ in range(times):
        assert isinstance(failure_of(caller, "nothing_like_it"), ToolFailed)


def stored(caller: Caller) -> Connection:
    return Connection.objects.get(pk=caller.connection.pk)


@pytest.mark.django_db
def test_so_many_refused_calls_in_a_row_suspend(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    caller, told = make_patient(), []

    def listen(**facts: Any) -> None:
        told.append((facts["connection"].pk, facts["refused_calls"]))

    connection_suspended.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        refused(caller, AFTER - 1)
        assert stored(caller).suspended_at is None
        refused(caller, 2)
    connection_suspended.disconnect(listen)

    assert stored(caller).suspended_at is not None
    assert told == [(caller.connection.pk, AFTER)]
    event = Event.objects.get(kind=Event.Kind.CONNECTION_SUSPENDED)
    assert (event.user, event.connection) == (caller.user, caller.connection)
    assert event.detail == "Claude Code: 3 refused calls in a row"


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [True, False])
def test_its_user_is_mailed_unless_the_settings_say_otherwise(
    wanted: bool,  # noqa: FBT001  # a value of the setting
) -> None:
    ConnectorSettings.objects.create(notify_reuse_alarm=wanted)
    caller = make_patient()
    type(caller.user).objects.filter(pk=caller.user.pk).update(email="p@example.com")

    refused(caller, AFTER)
    send_due_notices(now=timezone.now())

    told = "".join(str(one.body) for one in mail.outbox)
    assert ("Connection suspended" in told) is wanted


@pytest.mark.django_db
def test_a_call_that_is_done_begins_the_row_anew_and_a_failed_one_does_not() -> None:
    caller = make_patient()

    refused(caller, AFTER - 1)
    call(caller, "search_records", model="shop.category")
    assert stored(caller).refused_in_row == 0
    refused(caller, AFTER - 1)
    assert stored(caller).suspended_at is None
    failure_of(caller, "whoami", nonsense=1)
    refused(caller, 1)

    assert stored(caller).suspended_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("whoami", {}), ("list_models", {}), ("search_docs", {"query": "coupon"})],
)
def test_what_asks_for_no_right_is_no_success_between_refusals(
    settings: Settings, tool: str, arguments: dict[str, str]
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "EXTRA_TOOLS": ["search_docs"],
    }
    caller = make_patient()

    for _ in range(AFTER):
        assert stored(caller).suspended_at is None
        call(caller, tool, **arguments)
        refused(caller, 1)

    assert stored(caller).suspended_at is not None


@pytest.mark.django_db
def test_zero_suspends_nobody() -> None:
    caller = replace(make_caller(), refused_calls_to_suspend=0)

    refused(caller, 60)

    assert stored(caller).suspended_at is None
    assert stored(caller).refused_in_row == 60


@pytest.mark.django_db
def test_refused_calls_count_towards_the_minute_too() -> None:
    caller = make_patient()

    refused(caller, 2)

    assert stored(caller).calls_in_window == 2


@pytest.mark.django_db
def test_resumed_it_begins_with_no_refused_call_and_on_record() -> None:
    caller = make_patient()
    refused(caller, AFTER)

    done = [
        resume_connection(
            caller.connection,
            actor=caller.user,
            now=timezone.now(),
            address="192.0.2.1",
        )
        for _ in range(2)
    ]

    assert done == [True, False]
    connection = stored(caller)
    assert (connection.suspended_at, connection.refused_in_row) == (None, 0)
    event = Event.objects.get(kind=Event.Kind.CONNECTION_RESUMED)
    assert (event.actor, event.user, event.address) == (
        caller.user,
        caller.user,
        "192.0.2.1",
    )


@pytest.mark.django_db
def test_what_was_revoked_is_neither_suspended_nor_resumed() -> None:
    caller, now = make_patient(), timezone.now()
    Connection.objects.filter(pk=caller.connection.pk).update(
        revoked_at=now, revoked_reason=Connection.RevokedReason.ADMIN
    )

    refused(caller, AFTER + 1)
    assert stored(caller).suspended_at is None
    Connection.objects.filter(pk=caller.connection.pk).update(suspended_at=now)

    assert not resume_connection(caller.connection, actor=caller.user, now=now)


@pytest.mark.django_db
def test_a_refusal_is_recorded_with_its_count_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = make_patient()

    def break_off(*_args: Any, **_facts: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("agent_connector.tools.recording.count_refused_call", break_off)
    with pytest.raises(ZeroDivisionError):
        failure_of(caller, "nothing_like_it")

    assert not ToolCall.objects.exists()


@pytest.fixture
def _shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_shared_database")
@pytest.mark.parametrize("_round", range(3))
def test_many_refused_calls_at_one_moment_suspend_once(_round: int) -> None:
    caller = make_patient()

    def refuse() -> None:
        count_refused_call(caller, now=timezone.now())

    in_parallel(*[refuse] * MANY)

    connection = stored(caller)
    assert connection.suspended_at is not None
    assert connection.refused_in_row == MANY
    suspended = Event.objects.filter(kind=Event.Kind.CONNECTION_SUSPENDED)
    assert suspended.count() == 1


@pytest.mark.django_db
def test_what_an_administrator_brought_about_counts_against_nobody() -> None:
    caller = replace(make_patient(), may_change=False)

    for _ in range(AFTER):
        failure_of(caller, "create_record", model="shop.category", values={})

    assert stored(caller).refused_in_row == 0
