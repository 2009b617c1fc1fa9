"""A database of its own for one server, on SQLite or on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

POSTGRESQL_TEXT_TYPES = (
    "text",
    "character varying",
    "character",
    "json",
    "jsonb",
    "bytea",
)


@contextmanager
def fresh_database(folder: Path, *, template: str = "") -> Iterator[str]:
    """Yield the URL of an empty database, or of a copy, and drop it afterwards.

    Nobody may be connected to the `template`, which is the URL of another.
    """
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        path = folder / "panel.sqlite3"
        if template:
            _copy_file(Path(template.removeprefix("sqlite:///")), path)
        yield f"sqlite:///{path}"
        return
    maintenance = urlunsplit(urlsplit(server)._replace(path="/postgres"))
    name = f"http_{uuid.uuid4().hex}"
    with psycopg.connect(maintenance, autocommit=True) as admin:
        model = urlsplit(template).path.removeprefix("/") or "template1"
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(model)
            )
        )
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(maintenance, autocommit=True) as admin:
            admin.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _copy_file(source: Path, target: Path) -> None:
    """Copy what was committed, wherever it stands: in the file or in its journal."""
    with (
        closing(sqlite3.connect(source)) as one,
        closing(sqlite3.connect(target)) as to,
    ):
        one.backup(to)


def dump_database(url: str) -> bytes:
    """Return all that the database keeps, byte for byte where it is text or bytes."""
    if url.startswith("sqlite:///"):
        return _dump_files(Path(url.removeprefix("sqlite:///")))
    return _dump_tables(url)


def _dump_files(path: Path) -> bytes:
    """The file, its journal and its shared memory, free pages included."""
    return b"\n".join(
        one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*"))
    )


def _dump_tables(url: str) -> bytes:
    parts: list[bytes] = []
    with psycopg.connect(url) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = ANY(%s)"
            " ORDER BY table_name, ordinal_position",
            [list(POSTGRESQL_TEXT_TYPES)],
        ).fetchall()
        for table, column in columns:
            query = sql.SQL("SELECT {} FROM {}").format(
                sql.Identifier(column), sql.Identifier(table)
            )
            for (value,) in connection.execute(query):
                parts.append(_as_bytes(value))
    return b"\n".join(parts)


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
