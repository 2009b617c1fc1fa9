"""A command that removes what is old, and is really ended in the middle of it."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_connector.models import ToolCall
from tests.http.command import TIMEOUT_SECONDS, start_command
from tests.http.hand import count, from_now, run_sql
from tests.http.server import Site, site_not_served

DOUBLINGS = 17
"""Over a hundred thousand calls: it takes seconds to remove them."""


@pytest.fixture
def aged(tmp_path: Path) -> Iterator[Site]:
    """A database with many calls that are too old to be kept."""
    with site_not_served(tmp_path) as site:
        run_sql(
            site,
            "INSERT INTO agent_connector_toolcall (at, user_name, client_name, tool,"
            " model, object_id, outcome, reason, duration, arguments, changes)"
            " VALUES (?, '', '', 'whoami', '', '', 'done', '', ?, '{}', '[]')",
            from_now(days=-400),
            "0" if site.database_url.startswith("sqlite") else "0 seconds",
        )
        columns = ", ".join(
            str(field.column)
            for field in ToolCall._meta.fields
            if not field.primary_key
        )
        for _ in range(DOUBLINGS):
            run_sql(
                site,
                f"INSERT INTO agent_connector_toolcall ({columns})"  # noqa: S608  # own names
                f" SELECT {columns} FROM agent_connector_toolcall",
            )
        yield site


def test_what_went_before_the_end_is_on_record(aged: Site) -> None:
    """The other signals may be ignored where tests run, and by what is started there."""
    with start_command(aged, "prune") as process:
        _wait_for_the_first_to_go(aged, process)
        process.terminate()
        process.communicate(timeout=TIMEOUT_SECONDS)

    left = count(aged, "toolcall")
    assert process.returncode == -signal.SIGTERM
    assert left > 0
    [[detail]] = run_sql(
        aged,
        "SELECT detail FROM agent_connector_event WHERE kind = ?",
        "record_pruned",
    )
    gone = 2**DOUBLINGS - left
    assert detail == f"tool calls: {gone}; manage.py agent_connector prune"


def _wait_for_the_first_to_go(site: Site, process: subprocess.Popen[str]) -> None:
    while count(site, "toolcall") == 2**DOUBLINGS:
        assert process.poll() is None
        time.sleep(0.02)
