"""Count what a piece of code asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_OF_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL that the block runs, without what only frames transactions."""
    seen: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield seen
    seen += [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(_OF_TRANSACTIONS)
    ]


@contextmanager
def one_act() -> Iterator[None]:
    """Hold that what the block writes is one transaction, or a savepoint of one."""
    with CaptureQueriesContext(connection) as captured:
        yield
    assert captured.captured_queries[-1]["sql"].startswith("RELEASE")
