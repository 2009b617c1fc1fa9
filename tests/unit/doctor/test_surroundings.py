"""Clocks that disagree, and a database that is set up for one worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.db import connections

from agent_connector.doctor import surroundings
from agent_connector.doctor.finding import Finding, Result
from agent_connector.doctor.surroundings import probe_clock, probe_database
from agent_connector.doctor.wire import Answer, Silence
from tests.conftest import ON_POSTGRESQL
from tests.doctoring import examination, headers_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("late", "result"),
    [(0, Result.OK), (15, Result.WARNING), (-15, Result.WARNING), (90, Result.FAILED)],
)
def test_a_web_server_with_another_time(late: int, result: Result) -> None:
    def tell(answer: Answer) -> Answer:
        date = format_datetime(answer.at + timedelta(seconds=late), usegmt=True)
        return replace(answer, headers=headers_of(Date=date))

    finding = probe_clock(examination(after=tell))

    assert finding.result is result
    assert "web server" in str(finding.seen)


@pytest.mark.parametrize("date", ["", "soon", "Mon, 99 Foo 2026 12:00:00 GMT"])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    exam = examination(after=lambda one: replace(one, headers=headers_of(Date=date)))

    finding = probe_clock(exam)

    assert finding.result is Result.OK
    assert "web server" not in str(finding.seen)


def test_a_database_with_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)  # the real one
    monkeypatch.setattr("django.utils.timezone.now", lambda: hour_ago)

    finding = probe_clock(examination(silence=Silence.REFUSED))

    assert finding.result is Result.FAILED
    assert "3600" in str(finding.seen) or "3599" in str(finding.seen)


def _configured(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Finding:
    settings = {**connections.settings["default"], **changes}
    monkeypatch.setitem(connections.settings, "default", settings)
    return probe_database()


@pytest.mark.skipif(ON_POSTGRESQL, reason="means something on SQLite")
class TestSqlite:
    def test_what_the_panel_has_is_right(self) -> None:
        finding = probe_database()

        assert finding.result is Result.OK
        assert "busy_timeout=20 s" in str(finding.seen)
        assert "ATOMIC_REQUESTS=False" in str(finding.seen)

    @pytest.mark.parametrize(
        ("pragma", "value", "fix"),
        [
            ("journal_mode", "delete", "PRAGMA journal_mode=WAL"),
            ("busy_timeout", "0", '"timeout": 20'),
        ],
    )
    def test_what_keeps_workers_from_each_other_is_named(
        self, monkeypatch: pytest.MonkeyPatch, pragma: str, value: str, fix: str
    ) -> None:
        read = surroundings._pragma  # noqa: SLF001  # the seam

        def pretend(connection: Any, name: str) -> str:
            return value if name == pragma else read(connection, name)

        monkeypatch.setattr(surroundings, "_pragma", pretend)

        finding = probe_database()

        assert finding.result is Result.WARNING
        assert fix in finding.fix

    def test_a_hasty_transaction_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding = _configured(monkeypatch, OPTIONS={})

        assert finding.result is Result.WARNING
        assert '"transaction_mode": "IMMEDIATE"' in finding.fix


@pytest.mark.postgresql
class TestPostgresql:
    @pytest.mark.parametrize(
        ("changes", "result"),
        [
            ({"CONN_MAX_AGE": 0}, Result.WARNING),
            ({"CONN_MAX_AGE": None}, Result.OK),
            ({"CONN_MAX_AGE": 60}, Result.OK),
            ({"CONN_MAX_AGE": 0, "OPTIONS": {"pool": True}}, Result.OK),
        ],
    )
    def test_connecting_anew_each_time_is_named(
        self, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], result: Result
    ) -> None:
        finding = _configured(monkeypatch, **changes)

        assert finding.result is result
        assert str(finding.seen).startswith("postgresql")
