"""What the panel reads from its machine: the secret key and the database URL."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler

from panel import asgi, wsgi
from panel.database import read_database_url
from panel.secret_key import load_secret_key


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"

    first = load_secret_key(path)

    assert load_secret_key(path) == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_secret_key, [path] * 32))

    assert len(keys) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_sqlite_is_tuned_for_several_workers() -> None:
    database = read_database_url("sqlite:////srv/shop.sqlite3")

    assert database["NAME"] == "/srv/shop.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_a_server_is_asked_whether_the_connection_still_lives() -> None:
    database = read_database_url("postgres://shop:secret@127.0.0.1:5432/shop")

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["CONN_HEALTH_CHECKS"] is True
    assert "transaction_mode" not in database.get("OPTIONS", {})


def test_the_panel_is_a_wsgi_and_an_asgi_application() -> None:
    assert isinstance(wsgi.application, WSGIHandler)
    assert isinstance(asgi.application, ASGIHandler)
