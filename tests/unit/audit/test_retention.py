"""What is too old goes in short steps, what is not stays, and others get their turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from agent_connector.audit import retention
from agent_connector.audit.retention import (
    old_calls,
    old_codes,
    old_events,
    old_windows,
    remove,
)
from agent_connector.connections.issue import find_code, redeem_code
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.models import AuthorizationCode, Event, Throttle, ToolCall
from tests.bench.pruning import prune_under_load
from tests.calls import make_call
from tests.factories import NOON, make_code, make_user
from tests.parallel import database_of_threads
from tests.statements import statements

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def _shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


@pytest.mark.django_db
def test_calls_go_from_the_moment_on_that_is_named() -> None:
    kept = make_call(at=NOON)
    make_call(at=NOON - SECOND)

    assert list(remove(old_calls(before=NOON))) == [1]
    assert ToolCall.objects.get() == kept


@pytest.mark.django_db
def test_the_oldest_go_first_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for age in (3, 1, 5, 2, 4):
        make_call(at=NOON - age * DAY)

    removing = remove(old_calls(before=NOON))

    assert next(removing) == 2
    left = ToolCall.objects.order_by("at").values_list("at", flat=True)
    assert [(NOON - at).days for at in left] == [3, 2, 1]
    assert list(removing) == [2, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 50])
def test_a_batch_costs_few_statements_whatever_its_size(number: int) -> None:
    for _ in range(number):
        make_call(at=NOON - DAY)

    with statements() as seen:
        list(remove(old_calls(before=NOON)))

    assert len(seen) <= 5
    assert not any("arguments" in sql for sql in seen)


@pytest.mark.django_db
def test_events_are_removed_by_their_time() -> None:
    for at in (NOON - SECOND, NOON):
        Event.objects.create(at=at, kind=Event.Kind.SETTINGS_CHANGED)

    assert sum(remove(old_events(before=NOON))) == 1
    assert Event.objects.get().at == NOON


@pytest.mark.django_db
def test_a_used_code_is_known_for_a_day_and_a_replay_ends_its_connection() -> None:
    text = make_code(make_user(), now=NOON)
    code = find_code(text)
    assert code is not None
    redeem_code(code, now=NOON, address=None)

    assert sum(remove(old_codes(now=NOON + DAY))) == 0
    known = find_code(text)
    assert known is not None
    answer = redeem_code(known, now=NOON + DAY, address=None)
    assert isinstance(answer, Refusal)
    assert answer.problem is Problem.REUSED
    assert sum(remove(old_codes(now=NOON + DAY + timedelta(minutes=2)))) == 1
    assert not AuthorizationCode.objects.exists()


@pytest.mark.django_db
def test_counts_of_windows_that_are_over_go() -> None:
    for window in (NOON - DAY - SECOND, NOON):
        Throttle.objects.create(scope="registration", key=b"k", window=window)

    assert sum(remove(old_windows(now=NOON))) == 1
    assert Throttle.objects.get().window == NOON


@pytest.mark.usefixtures("_shared_database")
def test_calls_are_recorded_while_old_ones_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make bench` does this with 500,000 of a million."""
    monkeypatch.setattr(retention, "BATCH", 100)
    old = make_call(at=NOON)
    ToolCall.objects.bulk_create(
        ToolCall(**{**_columns(old), "at": NOON + number * SECOND})
        for number in range(2_000)
    )

    pruned = prune_under_load(before=timezone.now() - DAY)

    assert (pruned.rows, len(pruned.held)) == (2_001, 21)
    assert ToolCall.objects.count() == len(pruned.waits) > 0


def _columns(call: ToolCall) -> dict[str, object]:
    return {
        field.attname: getattr(call, field.attname)
        for field in ToolCall._meta.concrete_fields
        if not field.primary_key
    }
