"""Let a signal end long work between two of its steps, and not in the middle of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGINT", "SIGHUP")
    if hasattr(signal, name)
)
"""A machine that shuts down, Ctrl+C, and a terminal that is closed. Left to itself, the
first and the last end a process at once, and nothing is written any more."""


@contextmanager
def ending_between_steps() -> Iterator[Callable[[], bool]]:
    """Yield what says whether the work is to end; the signal itself follows after it.

    A second one, the same or another, ends the process at once. Where signals cannot
    be caught, outside the main thread, nothing changes.
    """
    caught: list[int] = []

    def catch(number: int, _frame: object) -> None:
        caught.append(number)
        for one, handler in before.items():
            signal.signal(one, handler)

    before = {number: signal.getsignal(number) for number in _catchable()}
    try:
        for number in before:
            signal.signal(number, catch)
        yield lambda: bool(caught)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if caught:  # also if the last step failed
            signal.raise_signal(caught[0])


def _catchable() -> list[Any]:
    if threading.current_thread() is not threading.main_thread():
        return []
    # Ignored, as `nohup` has it, it stays so; None is a handler that is not Python's.
    left_alone = (signal.SIG_IGN, None)
    return [one for one in SIGNALS if signal.getsignal(one) not in left_alone]
