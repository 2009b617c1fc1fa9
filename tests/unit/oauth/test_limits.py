"""Limits of the token and registration endpoints: one count for all workers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from agent_connector.models import Throttle
from agent_connector.oauth.errors import TooManyRequests
from agent_connector.oauth.limits import (
    FAILURES,
    REGISTRATIONS,
    count_failure,
    count_registration,
    failures_of,
)
from tests.factories import NOON
from tests.parallel import database_of_threads, in_parallel

HOME = "192.0.2.7"


@pytest.fixture
def _shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


def goes_on(address: str | None, *, seconds: int = 0) -> bool:
    try:
        count_registration(address, now=NOON + timedelta(seconds=seconds))
    except TooManyRequests:
        return False
    return True


@pytest.mark.django_db
def test_an_address_may_register_sixty_clients_a_minute() -> None:
    assert sum(goes_on(HOME) for _ in range(70)) == REGISTRATIONS.most
    assert not goes_on(HOME, seconds=59)
    assert goes_on("192.0.2.8")
    assert goes_on(HOME, seconds=60)


@pytest.mark.django_db
def test_who_has_no_address_is_counted_as_well() -> None:
    assert sum(goes_on(None) for _ in range(70)) == REGISTRATIONS.most


@pytest.mark.django_db
def test_it_is_said_when_the_sender_may_come_back() -> None:
    bucket = failures_of("client-1", address=HOME)
    late = NOON + timedelta(seconds=45)
    for _ in range(FAILURES.most):
        count_failure(bucket, now=late)

    with pytest.raises(TooManyRequests, match="15 seconds") as stopped:
        count_failure(bucket, now=late)

    assert stopped.value.seconds == 15


@pytest.mark.django_db
def test_clients_and_addresses_have_counts_of_their_own() -> None:
    one, other, elsewhere = (
        failures_of("client-1", address=HOME),
        failures_of("client-2", address=HOME),
        failures_of("client-1", address="192.0.2.8"),
    )

    for bucket in (one, other, elsewhere):
        count_failure(bucket, now=NOON)

    counts = Throttle.objects.values_list("count", flat=True)
    assert sorted(counts) == [1, 1, 1]


@pytest.mark.usefixtures("_shared_database")
def test_parallel_registrations_are_counted_exactly() -> None:
    for _ in range(REGISTRATIONS.most - 4):
        goes_on(HOME)

    assert sum(in_parallel(*[partial(goes_on, HOME)] * 16)) == 4
