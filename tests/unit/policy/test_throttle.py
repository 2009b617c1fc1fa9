"""Counts in the database: exact under parallel tries, forgotten with their window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from agent_connector.models import Throttle
from agent_connector.policy.throttle import Bucket, Limit, give_back, is_full, take_turn
from tests.factories import NOON
from tests.parallel import database_of_threads, in_parallel
from tests.statements import statements

MINUTE = timedelta(minutes=1)
LIMIT = Limit(most=3, window=15 * MINUTE)
JANE = Bucket(Throttle.Scope.PASSWORD_USER, "jane")
JOE = Bucket(Throttle.Scope.PASSWORD_USER, "joe")
HOME = Bucket(Throttle.Scope.PASSWORD_ADDRESS, "192.0.2.7")

MANY = 16
ROUNDS = 6


def turns(tries: int, *buckets: Bucket, now: datetime = NOON) -> int:
    """Return how many of so many tries, one after the other, went on."""
    return sum(take_turn(buckets, limit=LIMIT, now=now) for _ in range(tries))


@pytest.fixture
def _shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


@pytest.mark.django_db
def test_no_more_than_the_limit_go_on() -> None:
    assert turns(7, JANE) == LIMIT.most


@pytest.mark.django_db
def test_another_key_and_another_scope_have_counts_of_their_own() -> None:
    turns(7, JANE)

    assert turns(1, JOE) == 1
    assert turns(1, Bucket(Throttle.Scope.PASSWORD_ADDRESS, "jane")) == 1


@pytest.mark.django_db
def test_a_try_counts_in_its_own_scope_only() -> None:
    turns(LIMIT.most - 1, JANE)
    turns(1, Bucket(Throttle.Scope.PASSWORD_ADDRESS, "jane"))

    assert turns(7, JANE) == 1


@pytest.mark.django_db
def test_a_clock_set_back_neither_forgets_nor_counts_in_the_later_window() -> None:
    turns(LIMIT.most - 1, JANE, now=NOON + 15 * MINUTE)
    turns(1, JANE, now=NOON)

    assert turns(7, JANE, now=NOON + 15 * MINUTE) == 1


@pytest.mark.django_db
def test_each_bucket_can_stop_a_try_and_then_none_counts_it() -> None:
    turns(LIMIT.most, JANE, HOME)

    assert turns(5, JOE, HOME) == 0
    assert turns(LIMIT.most, JOE) == LIMIT.most


@pytest.mark.django_db
def test_a_try_that_succeeds_does_not_count() -> None:
    for _ in range(9):
        assert turns(1, JANE, HOME) == 1
        give_back([JANE, HOME], limit=LIMIT, now=NOON)

    assert turns(7, JANE, HOME) == LIMIT.most


@pytest.mark.django_db
def test_the_next_window_begins_anew_and_drops_the_old_count() -> None:
    turns(7, JANE)

    assert turns(7, JANE, now=NOON + 14 * MINUTE) == 0
    assert turns(7, JANE, now=NOON + 15 * MINUTE) == LIMIT.most
    assert Throttle.objects.count() == 1


@pytest.mark.django_db
def test_giving_back_in_a_later_window_never_counts_below_nothing() -> None:
    give_back([JANE], limit=LIMIT, now=NOON)
    turns(1, JANE)
    give_back([JANE], limit=LIMIT, now=NOON)
    give_back([JANE], limit=LIMIT, now=NOON)

    assert Throttle.objects.get().count == 0


@pytest.mark.parametrize("now", [NOON, NOON.replace(tzinfo=None)])
def test_windows_follow_each_other(now: datetime) -> None:
    assert LIMIT.began(at=now + 14 * MINUTE) == now
    assert LIMIT.ends(at=now + 14 * MINUTE) == now + 15 * MINUTE
    assert LIMIT.began(at=now + 15 * MINUTE) == now + 15 * MINUTE


@pytest.mark.django_db
def test_the_table_names_nobody() -> None:
    turns(1, JANE)

    key = bytes(Throttle.objects.get().key)

    assert len(key) == 32
    assert b"jane" not in key


@pytest.mark.usefixtures("_shared_database")
def test_of_many_tries_at_one_moment_no_more_than_the_limit_go_on() -> None:
    for number in range(ROUNDS):
        bucket = Bucket(Throttle.Scope.PASSWORD_USER, f"user {number}")
        one = partial(take_turn, [bucket], limit=LIMIT, now=NOON)

        assert sum(in_parallel(*[one] * MANY)) == LIMIT.most


@pytest.mark.usefixtures("_shared_database")
def test_many_users_of_one_address_never_wait_in_a_circle() -> None:
    users = [Bucket(Throttle.Scope.PASSWORD_USER, str(n)) for n in range(MANY)]
    tries = [partial(take_turn, [one, HOME], limit=LIMIT, now=NOON) for one in users]

    assert sum(in_parallel(*tries)) == LIMIT.most
    assert Throttle.objects.filter(count__gt=0).count() == LIMIT.most + 1


@pytest.mark.django_db
def test_whether_a_bucket_is_full_is_read_without_writing() -> None:
    fulls = []
    for _ in range(LIMIT.most):
        fulls.append(is_full(JANE, limit=LIMIT, now=NOON))
        turns(1, JANE)
    with statements() as seen:
        fulls.append(is_full(JANE, limit=LIMIT, now=NOON))

    assert fulls == [False, False, False, True]
    assert [one.startswith("SELECT") for one in seen] == [True]
    assert not is_full(JANE, limit=LIMIT, now=NOON + LIMIT.window)
