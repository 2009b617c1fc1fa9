"""The check that SQLite waits for its turn."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.utils import ConnectionHandler

from agent_connector.checks import sqlite
from agent_connector.checks.sqlite import check_sqlite

SQLITE = "django.db.backends.sqlite3"


def _use(monkeypatch: pytest.MonkeyPatch, **databases: dict[str, Any]) -> None:
    monkeypatch.setattr(sqlite, "connections", ConnectionHandler(databases))


def test_the_database_of_a_new_project_is_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _use(monkeypatch, default={"ENGINE": SQLITE, "NAME": "db.sqlite3"})

    [message] = check_sqlite()

    assert message.id == "agent_connector.W004"
    assert "default" in message.msg
    assert '"OPTIONS": {"transaction_mode": "IMMEDIATE"}' in (message.hint or "")


@pytest.mark.parametrize("mode", ["IMMEDIATE", "immediate", "EXCLUSIVE"])
def test_a_database_that_takes_the_lock_first_is_right(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    options = {"transaction_mode": mode}
    _use(monkeypatch, default={"ENGINE": SQLITE, "NAME": "x", "OPTIONS": options})

    assert check_sqlite() == []


def test_each_database_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    right = {"transaction_mode": "IMMEDIATE"}
    _use(
        monkeypatch,
        default={"ENGINE": SQLITE, "NAME": "x", "OPTIONS": right},
        archive={"ENGINE": SQLITE, "NAME": "y"},
        other={"ENGINE": "django.db.backends.dummy"},
    )

    [message] = check_sqlite()

    assert "(archive)" in message.msg


def test_the_panel_is_found_to_be_right() -> None:
    assert check_sqlite() == []
