"""Collect what public signals say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal

from agent_connector import signals


@contextmanager
def hear(name: str) -> Iterator[list[dict[str, Any]]]:
    """Collect the arguments of each time that the signal of this name is sent."""
    heard: list[dict[str, Any]] = []

    def receiver(**arguments: Any) -> None:
        del arguments["signal"], arguments["sender"]
        heard.append(arguments)

    signal: Signal = getattr(signals, name)
    signal.connect(receiver)
    try:
        yield heard
    finally:
        signal.disconnect(receiver)
