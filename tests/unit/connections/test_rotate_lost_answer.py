"""A lost answer: another pair takes the place of one that nobody ever presented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection as db_connection

from agent_connector.connections.issue import TokenPair
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.rotate import LOST_ANSWER_WITHIN
from agent_connector.models import Client, Token
from agent_connector.policy.caller import Caller
from tests.unit.connections.test_rotate import (
    LATER,
    call,
    first_pair,
    pair_of,
    problem_of,
    refresh,
)
from tests.unit.connections.test_rotate_grace import (
    AFTER,
    GRACE,
    SECOND,
    alarms,
    texts_of,
)

pytestmark = pytest.mark.django_db


def test_under_a_key_that_is_gone_an_unseen_pair_is_replaced(settings: Any) -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))
    settings.SECRET_KEY = "the next key"

    third = pair_of(refresh(first.refresh, now=LATER + SECOND))

    assert isinstance(call(third, now=LATER + SECOND), Caller)
    assert isinstance(call(second, now=LATER + SECOND), Refusal)


@pytest.mark.parametrize("now", [AFTER, LATER + LOST_ANSWER_WITHIN])
def test_a_lost_answer_is_made_good_by_a_pair_that_replaces_the_unseen_one(
    now: datetime,
) -> None:
    first = first_pair()
    unseen = pair_of(refresh(first.refresh))

    found = pair_of(refresh(first.refresh, now=now))

    assert set(texts_of(found)).isdisjoint(texts_of(unseen))
    assert isinstance(call(found, now=now), Caller)
    assert isinstance(call(unseen, now=now), Refusal)
    assert alarms() == 0


def test_an_answer_may_be_lost_more_than_once_and_its_retry_repeated() -> None:
    first = first_pair()
    times = [LATER + timedelta(minutes=minutes) for minutes in range(4)]
    lost = [pair_of(refresh(first.refresh, now=time)) for time in times]
    now = times[-1] + GRACE

    again = pair_of(refresh(first.refresh, now=now))

    assert len({pair.refresh for pair in lost}) == 4
    assert texts_of(again) == texts_of(lost[-1])
    assert isinstance(call(again, now=now), Caller)
    assert not any(isinstance(call(one, now=now), Caller) for one in lost[:-1])


def test_the_day_of_the_lost_answer_is_counted_from_the_first_use() -> None:
    first = first_pair()
    refresh(first.refresh)
    refresh(first.refresh, now=LATER + timedelta(hours=20))

    late = refresh(first.refresh, now=LATER + timedelta(hours=25))

    assert problem_of(late) is Problem.REUSED


def test_a_lost_answer_is_made_good_after_its_access_token_was_purged() -> None:
    first = first_pair()
    refresh(first.refresh)
    Token.objects.filter(parent__isnull=False, kind=Token.Kind.ACCESS).delete()

    assert isinstance(refresh(first.refresh, now=AFTER), TokenPair)


@pytest.mark.parametrize("now", [LATER, AFTER])
def test_a_used_token_without_any_successor_left_is_reuse(now: datetime) -> None:
    first = first_pair()
    refresh(first.refresh)
    Token.objects.filter(parent__isnull=False).delete()

    assert problem_of(refresh(first.refresh, now=now)) is Problem.REUSED


@pytest.mark.parametrize("kind", ["access", "refresh"])
@pytest.mark.parametrize("now", [AFTER, LATER + LOST_ANSWER_WITHIN / 2])
def test_after_the_grace_a_pair_that_arrived_makes_it_reuse(
    kind: str, now: datetime
) -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))
    if kind == "access":
        call(second)
    else:
        refresh(second.refresh)

    assert problem_of(refresh(first.refresh, now=now)) is Problem.REUSED
    assert alarms() == 1


def test_after_a_day_even_an_unseen_pair_makes_it_reuse() -> None:
    first = first_pair()
    refresh(first.refresh)

    late = refresh(first.refresh, now=LATER + LOST_ANSWER_WITHIN + SECOND)

    assert problem_of(late) is Problem.REUSED
    assert alarms() == 1


@pytest.mark.parametrize("seconds", [0, 1, 31])
def test_a_pair_that_gave_way_unseen_and_turns_up_is_reuse(seconds: int) -> None:
    first = first_pair()
    unseen = pair_of(refresh(first.refresh))
    found = pair_of(refresh(first.refresh, now=AFTER))

    answer = refresh(unseen.refresh, now=AFTER + seconds * SECOND)

    assert problem_of(answer) is Problem.REUSED
    assert isinstance(call(found, now=AFTER), Refusal)
    assert alarms() == 1


def test_a_pair_that_arrives_while_it_is_being_replaced_makes_it_reuse() -> None:
    first = first_pair()
    client = Client.objects.get()
    second = pair_of(refresh(first.refresh))
    waiting = [second]

    def arrive_first(execute: Any, sql: str, *rest: Any) -> Any:
        if waiting and sql.startswith("UPDATE"):
            call(waiting.pop(), now=AFTER)
        return execute(sql, *rest)

    with db_connection.execute_wrapper(arrive_first):  # holds the gap open
        answer = refresh(first.refresh, client=client, now=AFTER)

    assert problem_of(answer) is Problem.REUSED
    assert alarms() == 1
