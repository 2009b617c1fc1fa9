"""What the site itself stands on: its clocks, its databases and its way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

from django.db import connections, router
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.doctor import fixes
from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import (
    Blame,
    Finding,
    Probe,
    failed,
    ok,
    warning,
)
from agent_connector.doctor.wire import NoAnswer
from agent_connector.models import Token

TOLERATED = timedelta(seconds=5)
HARMFUL = timedelta(seconds=30)
"""As long as a refresh token is repeated, and half of what a code lives."""
LEAST_WAIT = timedelta(seconds=5)


def probe_clock(exam: Examination) -> Finding:
    """Compare this process's clock with the proxy's and the database's."""
    apart = {
        _("database"): _database_apart(),
        **_web_server_apart(exam),
    }
    seen = ", ".join(
        f"{name}: {difference.total_seconds():.0f} s"
        for name, difference in apart.items()
    )
    most = max(apart.values())
    if most <= TOLERATED:
        return ok(Probe.CLOCK, seen)
    cause = _(
        "The machines disagree about the time. Codes live a minute and tokens an hour:"
        " some would be refused as expired, others live too long."
    )
    judge = failed if most > HARMFUL else warning
    return judge(Probe.CLOCK, seen, Blame(cause=cause, fix=fixes.CLOCK))


def _database_apart() -> timedelta:
    with connections[router.db_for_write(Token)].cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        [value] = cursor.fetchone()
    told = datetime.fromisoformat(value) if isinstance(value, str) else value
    return _apart(told, _aware(timezone.now()))


def _web_server_apart(exam: Examination) -> dict[str, timedelta]:
    try:
        answer = exam.unauthorized()
        told = parsedate_to_datetime(answer.header("Date"))
    except (NoAnswer, ValueError):
        return {}
    return {_("web server"): _apart(told, answer.at)}


def _apart(told: datetime, here: datetime) -> timedelta:
    return abs(_aware(told, zone=UTC) - here)


def _aware(at: datetime, *, zone: tzinfo | None = None) -> datetime:
    return timezone.make_aware(at, zone) if timezone.is_naive(at) else at


def probe_database() -> Finding:
    """Judge the database that tokens are kept in, and note what matters of its set-up."""
    alias = router.db_for_write(Token)
    connection = connections[alias]
    configured = connections.settings[alias]
    facts = [connection.vendor]
    if connection.vendor == "sqlite":
        mode, wait = _pragma(connection, "journal_mode"), _wait(connection)
        facts += [f"journal_mode={mode}", f"busy_timeout={wait.total_seconds():.0f} s"]
        blames = list(_of_sqlite(mode, wait, configured))
    else:
        blames = list(_of_server(configured))
    facts += [
        f"CONN_MAX_AGE={configured['CONN_MAX_AGE']}",
        f"ATOMIC_REQUESTS={configured['ATOMIC_REQUESTS']}",
    ]
    seen = ", ".join(facts)
    if not blames:
        return ok(Probe.DATABASE, seen)
    blame = Blame(
        cause=" ".join(str(one.cause) for one in blames),
        fix="\n".join(one.fix for one in blames),
    )
    return warning(Probe.DATABASE, seen, blame)


def _pragma(connection: Any, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return str(cursor.fetchone()[0])


def _wait(connection: Any) -> timedelta:
    return timedelta(milliseconds=int(_pragma(connection, "busy_timeout")))


def _of_sqlite(
    mode: str, wait: timedelta, configured: dict[str, Any]
) -> Iterator[Blame]:
    if mode not in {"wal", "memory"}:
        cause = _("While one worker writes, SQLite lets no other read.")
        yield Blame(cause=cause, fix=fixes.SQLITE_WAL)
    if wait < LEAST_WAIT:
        cause = _("SQLite hardly waits for its turn: calls fail that could be served.")
        yield Blame(cause=cause, fix=fixes.SQLITE_WAIT)
    transaction_mode = str(configured.get("OPTIONS", {}).get("transaction_mode"))
    if transaction_mode.upper() not in {"IMMEDIATE", "EXCLUSIVE"}:
        cause = _("SQLite refuses changes that come at the same time.")
        yield Blame(cause=cause, fix=fixes.SQLITE_IMMEDIATE)


def _of_server(configured: dict[str, Any]) -> Iterator[Blame]:
    is_pooled = bool(configured.get("OPTIONS", {}).get("pool"))
    if configured["CONN_MAX_AGE"] == 0 and not is_pooled:
        cause = _("Each request connects to the database anew, which costs its time.")
        yield Blame(cause=cause, fix=fixes.KEEP_CONNECTIONS)
