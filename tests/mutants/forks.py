"""Do something in a fork of this process, and bring back what came of it."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import traceback
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

WAITING = 10


def in_a_fork(act: Callable[[], T], *, patience: int, otherwise: T) -> T:
    """Return what `act` returned, or `otherwise` if the fork died or came to no end.

    `patience` is in seconds of the processor; a fork that only waits has more.

    Raises:
        RuntimeError: `act` raised; the text is the traceback.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
        signal.alarm(patience * WAITING)
        _answer(act, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        return otherwise
    result: T
    problem, result = pickle.loads(answer)  # noqa: S301  # from our own fork
    if problem:
        raise RuntimeError(problem)
    return result


def _answer(act: Callable[[], T], writing: int) -> None:
    try:
        try:
            answer = pickle.dumps(("", act()))
        except BaseException:  # noqa: BLE001  # said in the parent
            answer = pickle.dumps((traceback.format_exc(), None))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)
