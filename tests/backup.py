"""Back a test database up as an administrator would, and go back to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections

Act = Callable[[], None]


@contextmanager
def backup(folder: Path) -> Iterator[tuple[Act, Act]]:
    """Give `take` and `restore`, for a database that commits (`transactional_db`).

    What is restored is the copy itself, so that nothing that came later is in it.
    """
    settings = connections.settings["default"]
    own = connection.settings_dict["NAME"]
    is_sqlite = connection.vendor == "sqlite"
    copy = str(folder / "backup.sqlite3") if is_sqlite else f"{own}_backup"

    def take() -> None:
        if is_sqlite:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [copy])
            return
        connection.close()
        _administer(f'DROP DATABASE IF EXISTS "{copy}"')
        _administer(f'CREATE DATABASE "{copy}" TEMPLATE "{own}"')

    def restore() -> None:
        _use(copy)

    def _use(name: str) -> None:
        connection.close()
        settings["NAME"] = connection.settings_dict["NAME"] = name

    try:
        yield take, restore
    finally:
        _use(own)
        if not is_sqlite:
            _administer(f'DROP DATABASE IF EXISTS "{copy}"')


def _administer(sql: str) -> None:
    with connection._nodb_cursor() as cursor:  # noqa: SLF001  # as Django makes databases
        cursor.execute(sql)
