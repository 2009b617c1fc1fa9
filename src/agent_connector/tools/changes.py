"""Collect what a call changes while it runs, for its record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from agent_connector.audit.changes import RecordChange

_noted: ContextVar[list[RecordChange]] = ContextVar("agent_connector_changes")


@contextmanager
def noted_changes() -> Iterator[list[RecordChange]]:
    """Yield the list to which `note_change` adds meanwhile."""
    changes: list[RecordChange] = []
    token = _noted.set(changes)
    try:
        yield changes
    finally:
        _noted.reset(token)


def note_change(change: RecordChange) -> None:
    """Put a change on the record of the call that is under way."""
    _noted.get().append(change)
