"""What a search costs a server beside a plain view that answers the same rows."""

from __future__ import annotations

import contextlib
import http.client
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.bench.plain_view import ROWS
from tests.conftest import ON_POSTGRESQL
from tests.http.agent import connect_agent
from tests.http.load import tool_call
from tests.http.person import Person
from tests.http.server import ROOT, Site, environment_of, running_site
from tests.http.wire import MCP_HEADERS
from tests.http.wsgi import WORKER_HEADER

pytestmark = pytest.mark.bench

ROUNDS = 40
REQUESTS = 20
"""Of each kind in a round."""

MAX_RATIO = 1.5
PLAIN, SEARCH = "/plain", "/mcp"
CALL = tool_call("search_records", model="shop.order")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The panel with 200 orders, served by one worker."""
    served = running_site(
        tmp_path,
        DJANGO_SETTINGS_MODULE="tests.bench.settings",
        GUNICORN_CMD_ARGS="--workers 1 --threads 4",
    )
    with served as running:
        subprocess.run(
            [sys.executable, "-m", "tests.bench.orders"],
            cwd=ROOT,
            env=environment_of(running.database_url, port=0),
            check=True,
        )
        yield running


def test_a_search_costs_little_more_than_a_plain_view(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with Person(site.url) as person:
        access = connect_agent(site, person.sign_in("admin")).access
    with _wire_to(site) as wire:
        worker = _worker_behind(wire, access)
        seconds: dict[str, list[float]] = {PLAIN: [], SEARCH: []}
        for _round in range(ROUNDS):
            for address, times in seconds.items():
                before = _cpu_seconds(worker)
                for _request in range(REQUESTS):
                    _ask(wire, address, access)
                times.append((_cpu_seconds(worker) - before) / REQUESTS)

    plain, search = (statistics.median(times) for times in seconds.values())
    ratio = statistics.median(
        ours / theirs for theirs, ours in zip(*seconds.values(), strict=True)
    )
    with capsys.disabled():
        print(
            f"\n{'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}: CPU of the worker for a"
            f" plain view {plain * 1000:.2f} ms, for search_records"
            f" {search * 1000:.2f} ms, {ratio:.2f} times as much"
        )
    assert ratio <= MAX_RATIO


@contextlib.contextmanager
def _wire_to(site: Site) -> Iterator[http.client.HTTPConnection]:
    place = urlsplit(site.url)
    wire = http.client.HTTPConnection(str(place.hostname), place.port, 60)
    with contextlib.closing(wire):
        yield wire


def _worker_behind(wire: http.client.HTTPConnection, access: str) -> int:
    """Return the process that answers; both ways give the same rows, and are warm."""
    plain, _headers = _ask(wire, PLAIN, access)
    answer, headers = _ask(wire, SEARCH, access)
    search = answer["result"]["structuredContent"]
    assert [row["id"] for row in plain["rows"]] == [row["id"] for row in search["rows"]]
    assert len(plain["rows"]) == ROWS
    return int(headers[WORKER_HEADER])


def _ask(
    wire: http.client.HTTPConnection, address: str, access: str
) -> tuple[dict[str, Any], http.client.HTTPMessage]:
    headers = {
        **MCP_HEADERS,
        "Authorization": f"Bearer {access}",
        "Content-Type": "application/json",
    }
    wire.request("POST", address, CALL, headers)
    answer = wire.getresponse()
    body = answer.read()
    assert answer.status == http.client.OK, body
    return json.loads(body), answer.headers


def _cpu_seconds(process: int) -> float:
    """Return what the threads of the process have used, to the nanosecond."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) for one in threads) / 1e9
