"""Calls in a minute are counted on the connection, for all workers together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agent_connector.models import Connection
from agent_connector.policy.pace import least, note_limit, one_more, seconds_to_wait
from tests.factories import NOON, make_connection, make_user

MINUTE = timedelta(minutes=1)


def counted(*, calls: int, at: datetime = NOON) -> Connection:
    return Connection(window_at=at, calls_in_window=calls)


@pytest.mark.parametrize(
    ("limits", "strictest"),
    [((), None), ((None,), None), ((None, 3), 3), ((5, 3), 3), ((0, None), 0)],
)
def test_the_strictest_limit_counts_and_none_is_no_limit(
    limits: tuple[int | None, ...], strictest: int | None
) -> None:
    assert least(*limits) == strictest


def test_who_has_calls_left_does_not_wait() -> None:
    assert seconds_to_wait(counted(calls=2), most=3, now=NOON) == 0
    assert seconds_to_wait(counted(calls=999), most=None, now=NOON) == 0


def test_who_has_none_left_waits_for_the_next_minute() -> None:
    now = NOON + timedelta(seconds=18)

    assert seconds_to_wait(counted(calls=3), most=3, now=now) == 42
    assert seconds_to_wait(counted(calls=3), most=3, now=NOON + MINUTE) == 0
    assert seconds_to_wait(counted(calls=0), most=0, now=now) == 42


def test_the_wait_is_never_none_at_all() -> None:
    now = NOON + MINUTE - timedelta(milliseconds=3)

    assert seconds_to_wait(counted(calls=3), most=3, now=now) == 1


@pytest.mark.django_db
def test_calls_of_one_minute_add_up_and_the_next_begins_anew() -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    row = Connection.objects.filter(pk=connection.pk)

    counts = []
    for seconds in (0, 10, 59, 60, 61, 300):
        row.update(**one_more(now=NOON + timedelta(seconds=seconds)))
        counts.append(row.get().calls_in_window)

    assert counts == [1, 2, 3, 1, 2, 1]


@pytest.mark.django_db
def test_the_first_call_too_many_of_a_minute_is_the_one_to_record() -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    other, _ = make_connection(make_user(), now=NOON)

    noted = [
        note_limit(Connection.objects.get(pk=connection.pk), now=NOON + after)
        for after in (MINUTE / 6, MINUTE / 2, MINUTE, MINUTE * 1.5)
    ]

    assert noted == [True, False, True, False]
    other.refresh_from_db()
    assert other.limited_at is None


@pytest.mark.django_db
def test_two_that_read_the_same_row_record_it_once() -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    twin = Connection.objects.get(pk=connection.pk)

    assert [note_limit(one, now=NOON) for one in (connection, twin)] == [True, False]


@pytest.mark.django_db
def test_a_call_that_is_recorded_late_does_not_begin_the_count_anew() -> None:
    connection, _ = make_connection(make_user())
    next_minute = NOON + MINUTE
    mine = Connection.objects.filter(pk=connection.pk)
    for at in (next_minute, next_minute, NOON):
        mine.update(**one_more(now=at))

    stored = mine.get()

    assert (stored.window_at, stored.calls_in_window) == (next_minute, 3)
    assert seconds_to_wait(stored, most=3, now=NOON) > 0
