"""Prune while somebody else goes on writing, and say how long each of them waited."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Flag
from threading import Thread
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import connections, transaction
from django.utils import timezone

from agent_connector.audit import retention
from tests.calls import make_call

PAUSE_SECONDS = 0.01
"""Between two calls of the one who goes on."""


@dataclass(kw_only=True)
class Pruned:
    """What was removed, and what it cost whom."""

    rows: int = 0
    seconds: float = 0.0
    held: list[float] = field(default_factory=list)
    """How long each transaction of the pruning was open, in seconds."""

    waits: list[float] = field(default_factory=list)
    """How long each call of somebody else took to record meanwhile, in seconds."""

    def __str__(self) -> str:
        return (
            f"pruned {self.rows:,} in {self.seconds:.1f} s, {len(self.held)} transactions,"
            f" the longest {max(self.held) * 1000:.0f} ms; meanwhile {len(self.waits)}"
            f" calls recorded, the slowest in {max(self.waits) * 1000:.0f} ms"
        )


def prune_under_load(*, before: datetime) -> Pruned:
    """Remove the calls from before that moment; `tests.parallel` gives the database."""
    pruned, done = Pruned(), Flag()
    writer = Thread(target=_write_until, args=(done, pruned.waits))
    writer.start()
    began = time.monotonic()
    try:
        with _timed(pruned.held):
            pruned.rows = sum(retention.remove(retention.old_calls(before=before)))
    finally:
        pruned.seconds = time.monotonic() - began
        done.set()
        writer.join()
    return pruned


def _write_until(done: Flag, waits: list[float]) -> None:
    try:
        while True:
            began = time.monotonic()
            make_call(at=timezone.now())
            waits.append(time.monotonic() - began)
            if done.wait(PAUSE_SECONDS):
                return
    finally:
        connections.close_all()


@contextmanager
def _timed(held: list[float]) -> Iterator[None]:
    """Note how long each transaction is open that `retention` begins."""

    @contextmanager
    def atomic(**options: Any) -> Iterator[None]:
        began = time.monotonic()
        with transaction.atomic(**options):
            yield
        held.append(time.monotonic() - began)

    with mock.patch.object(retention, "transaction", SimpleNamespace(atomic=atomic)):
        yield
