"""The record with a million tool calls: its page, its filters, and its pruning."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from tests.bench.many_calls import BATCH, SPAN, TIMES, USERS, fill_calls
from tests.bench.pruning import prune_under_load
from tests.factories import make_admin
from tests.parallel import database_of_threads
from tests.statements import statements

pytestmark = pytest.mark.bench

LIST = "/admin/agent_connector/toolcall/"
CALLS = BATCH * TIMES
REPEATS = 7
MAX_SECONDS = 0.2
"""Of CPU for a page of Tool Calls, in the web server and the database together."""

MAX_HELD_SECONDS = 1.0
"""For which pruning may hold a lock."""

QUESTIONS = {
    "first page": "",
    "last page": "?p=200",
    "oldest first": "?o=1",
    "user": "?user=user7",
    "user, by first name": "?user=lena",
    "user, nobody": "?user=nobody",
    "client, common": "?client=claude",
    "client, rare": "?client=rare",
    "client, none": "?client=nothing",
    "tool": "?tool=update_record",
    "model": "?model=shop.model3",
    "model and object": "?model=shop.model3&object=77",
    "object": "?object=77",
    "object, none": "?object=x",
    "outcome, common": "?outcome=done",
    "outcome, rare": "?outcome=failed",
    "day, half a year ago": "?at_from={first}&at_to={first}",
    "a month": "?at_from={month}&at_to={today}",
    "search": "?q=claude",
    "search, a user": "?q=roe7",
    "search, none": "?q=nothing",
    "user and outcome": "?user=user7&outcome=failed",
    "client and outcome": "?client=rare&outcome=failed",
    "tool, outcome, month": "?tool=get_record&outcome=refused&at_from={month}",
}


@pytest.fixture
def _million(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_of_threads(tmp_path):
        fill_calls(now=timezone.now())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # all of it in the process we look at
                cursor.execute("SET max_parallel_workers_per_gather = 0")
        yield


@pytest.mark.usefixtures("_million")
def test_a_million_calls_are_read_and_pruned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    browser = Browser()
    browser.force_login(make_admin())
    today = timezone.localdate()
    days = {
        "today": today.isoformat(),
        "month": (today - timedelta(days=30)).isoformat(),
        "first": (today - timedelta(days=170)).isoformat(),
    }
    browser.get(LIST)  # warm: templates, url patterns, the planner

    measured = {
        name: _measure(browser, LIST + query.format(**days))
        for name, query in QUESTIONS.items()
    }
    with capsys.disabled():
        print(f"\n{connection.vendor}: {CALLS:,} tool calls of {USERS} users")
        for name, (seconds, count) in measured.items():
            print(f"  {name:24} {seconds * 1000:7.1f} ms  {count} statements")
    pruned = prune_under_load(before=timezone.now() - SPAN / 2)
    with capsys.disabled():
        print(f"  {pruned}")
    assert {name: s for name, (s, _) in measured.items() if s > MAX_SECONDS} == {}
    assert pruned.rows == pytest.approx(CALLS / 2, abs=CALLS / 100)
    assert max(*pruned.held, *pruned.waits) < MAX_HELD_SECONDS


def _measure(browser: Browser, address: str) -> tuple[float, int]:
    """Return the median seconds of CPU of the whole page, and its statements.

    Of this process and of the database's, whatever else the machine does meanwhile.
    """
    times = []
    for _ in range(REPEATS):
        started = _cpu_seconds()
        answer = browser.get(address)
        times.append(_cpu_seconds() - started)
        assert answer.status_code == 200, address
    with statements() as asked:
        browser.get(address)
    return sorted(times)[REPEATS // 2], len(asked)


def _cpu_seconds() -> float:
    """Return what this process has used so far, and PostgreSQL's for its connection."""
    own = time.process_time()
    if connection.vendor == "sqlite":
        return own
    pid = connection.connection.info.backend_pid
    nanoseconds = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
    return own + int(nanoseconds) / 1_000_000_000
