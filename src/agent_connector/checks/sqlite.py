"""Check that SQLite waits for its turn instead of failing at once."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.db import connections

WAITING_MODES = ("IMMEDIATE", "EXCLUSIVE")


def check_sqlite(**_: Any) -> list[checks.CheckMessage]:
    """Agents call several tools at once.

    A transaction that first reads and then writes cannot wait for another one like
    it: SQLite answers "database is locked", whatever the timeout.
    """
    hasty = [alias for alias in connections if _is_hasty(alias)]
    if not hasty:
        return []
    return [
        checks.Warning(
            f"SQLite ({', '.join(hasty)}) refuses changes that come at the same time.",
            hint='Add to its entry in DATABASES: "OPTIONS":'
            ' {"transaction_mode": "IMMEDIATE"},',
            id="agent_connector.W004",
        )
    ]


def _is_hasty(alias: str) -> bool:
    if connections[alias].vendor != "sqlite":
        return False
    options = connections.settings[alias].get("OPTIONS", {})
    return str(options.get("transaction_mode")).upper() not in WAITING_MODES
