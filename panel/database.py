"""Turn `DATABASE_URL` into Django's `DATABASES` entry."""

from __future__ import annotations

from typing import Any

import dj_database_url

SQLITE_OPTIONS = {
    # A transaction takes the write lock when it begins: two writers wait for each
    # other instead of failing half-way with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def read_database_url(url: str) -> dict[str, Any]:
    """Return the settings of the database at `url`, tuned for several workers.

    Connections stay open between requests; a server such as PostgreSQL may close
    them meanwhile, so there they are checked before use.
    """
    database: dict[str, Any] = {**dj_database_url.parse(url), "CONN_MAX_AGE": None}
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
    else:
        database["CONN_HEALTH_CHECKS"] = True
    return database
