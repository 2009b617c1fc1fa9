"""Do several things at one moment, each on its own database connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")

PATIENCE_SECONDS = 30


def in_parallel(*acts: Callable[[], T]) -> list[T]:
    """Return what each act returned; an exception of any act is raised here."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE_SECONDS)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, act) for act in acts]
        return [one.result(PATIENCE_SECONDS) for one in running]


@contextmanager
def database_of_threads(folder: Path) -> Iterator[None]:
    """Make the test database one that threads share as worker processes would.

    SQLite keeps it in memory, where one connection's lock is an error for another;
    here it becomes a file in `folder`, opened with the panel's own options.
    PostgreSQL needs nothing.
    """
    if connection.vendor != "sqlite":
        yield
        return
    in_memory = connections["default"]
    options = connections.settings["default"]
    name, file = options["NAME"], folder / "shared.sqlite3"
    with in_memory.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    del connections["default"]
    options["NAME"] = str(file)
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = in_memory
        options["NAME"] = name
