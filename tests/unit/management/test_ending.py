"""A signal waits for the end of a step, and then does what it always does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent_connector.management.ending import SIGNALS, ending_between_steps


@pytest.fixture(params=SIGNALS)
def number(request: pytest.FixtureRequest) -> signal.Signals:
    one: signal.Signals = request.param
    return one


@pytest.fixture
def came(number: signal.Signals) -> Iterator[list[int]]:
    """What the process itself does with the signal: here, to note that it came."""
    noted: list[int] = []
    before = signal.signal(number, lambda one, _frame: noted.append(one))
    yield noted
    signal.signal(number, before)


def test_it_comes_after_the_work(number: signal.Signals, came: list[int]) -> None:
    with ending_between_steps() as is_to_end:
        assert not is_to_end()
        signal.raise_signal(number)
        assert is_to_end()
        assert came == []

    assert came == [number]


def test_the_second_one_does_not_wait(number: signal.Signals, came: list[int]) -> None:
    with ending_between_steps():
        signal.raise_signal(number)
        signal.raise_signal(number)
        assert came == [number]


def test_without_one_nothing_is_changed(
    number: signal.Signals, came: list[int]
) -> None:
    with ending_between_steps():
        pass
    signal.raise_signal(number)

    assert came == [number]


def test_what_goes_wrong_leaves_the_signals_as_they_were(
    number: signal.Signals, came: list[int]
) -> None:
    with pytest.raises(ZeroDivisionError), ending_between_steps():
        raise ZeroDivisionError
    signal.raise_signal(number)

    assert came == [number]


def test_one_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_between_steps() as is_to_end:
            signal.raise_signal(signal.SIGHUP)
            assert not is_to_end()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_outside_the_main_thread_the_work_is_done_all_the_same() -> None:
    def work() -> bool:
        with ending_between_steps() as is_to_end:
            return is_to_end()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() is False


def test_it_comes_also_after_a_step_that_fails(
    number: signal.Signals, came: list[int]
) -> None:
    def work() -> None:
        with ending_between_steps():
            signal.raise_signal(number)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()

    assert came == [number]


def test_another_one_does_not_wait_either(
    number: signal.Signals, came: list[int]
) -> None:
    other = next(one for one in SIGNALS if one != number)
    before = signal.signal(other, lambda _one, _frame: None)
    try:
        with ending_between_steps():
            signal.raise_signal(other)
            signal.raise_signal(number)
            assert came == [number]
    finally:
        signal.signal(other, before)
