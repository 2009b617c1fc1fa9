"""Change the server's database by hand: what no page does, time travel among it."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from tests.http.server import Site


def run_sql(site: Site, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run one statement, placeholders written `?`, and return its rows.

    Times are aware; a digest is given as bytes.
    """
    if site.database_url.startswith("sqlite:///"):
        return _run_on_sqlite(site, statement, values)
    with psycopg.connect(site.database_url, autocommit=True) as connection:
        done = connection.execute(statement.replace("?", "%s").encode(), values)
        return done.fetchall() if done.description else []


def _run_on_sqlite(
    site: Site, statement: str, values: tuple[Any, ...]
) -> list[tuple[Any, ...]]:
    path = Path(site.database_url.removeprefix("sqlite:///"))
    stored = [_stored(value) for value in values]
    opened = sqlite3.connect(path, timeout=20)
    with contextlib.closing(opened) as connection, connection:
        return connection.execute(statement, stored).fetchall()


def _stored(value: Any) -> Any:
    """Return a value as Django's SQLite backend would have written it."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value


def from_now(**span: float) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


def digest_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def connection_of(site: Site, token: str) -> int:
    """Return the key of the connection that a token text belongs to."""
    [[pk]] = run_sql(
        site,
        "SELECT connection_id FROM agent_connector_token WHERE digest = ?",
        digest_of(token),
    )
    return int(pk)


def change_connection(site: Site, token: str, column: str, value: Any) -> None:
    run_sql(
        site,
        f"UPDATE agent_connector_connection SET {column} = ? WHERE id = ?",  # noqa: S608  # a test's own names
        value,
        connection_of(site, token),
    )


def change_user(site: Site, username: str, column: str, *, to: Any) -> None:
    run_sql(
        site,
        f"UPDATE auth_user SET {column} = ? WHERE username = ?",  # noqa: S608  # a test's own names
        to,
        username,
    )


def count(site: Site, table: str, where: str = "1 = 1", *values: Any) -> int:
    [[number]] = run_sql(
        site,
        f"SELECT COUNT(*) FROM agent_connector_{table} WHERE {where}",  # noqa: S608  # a test's own names
        *values,
    )
    return int(number)


def forget_counts(site: Site) -> None:
    """Let nobody have failed, registered or guessed so far."""
    run_sql(site, "DELETE FROM agent_connector_throttle")
