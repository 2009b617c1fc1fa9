"""What every test may count on: skips that say why, a clear sign of the database."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.utils import translation

from agent_connector.oauth import fetch
from tests.chromium import find_chromium

IN_CI = os.environ.get("CI") == "true"
ON_POSTGRESQL = bool(os.environ.get("TEST_POSTGRES_URL"))


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run; in CI the tests run and fail instead.

    What is in `tests/browser` comes last: Playwright keeps an event loop in the thread,
    beside which neither `asyncio.run` nor a deep `ast.parse` works.
    """
    items.sort(key=lambda item: item.path.parent.name == "browser")
    changing = [item.nodeid for item in items if " at 0x" in item.nodeid]
    if changing:
        raise pytest.UsageError(f"This id differs from run to run: {changing[0]}")
    without_browser = find_chromium() is None and not IN_CI
    for item in items:
        if without_browser and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium was not found"))
        if not ON_POSTGRESQL and item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="means something on PostgreSQL"))


@pytest.fixture(autouse=True)
def _no_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the world for anything: no host has an address."""
    nowhere = fetch.Network(resolve=lambda _host: [])
    monkeypatch.setattr(fetch, "INTERNET", nowhere)


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """Forget the language of the last request, as Django itself does not."""
    yield
    translation.deactivate()
