"""Apps bring their tools in `agent_tools.py`; one that fails stops nothing."""

from __future__ import annotations

import logging
import sys

import pytest
from django.apps import apps
from pytest_django import Settings

from agent_connector.tools.mistakes import noted_mistakes
from agent_connector.tools.registry import all_tools
from tests.callers import no_written_tools

HERE = "tests.unit.tools.apps"


@pytest.fixture(autouse=True)
def _nothing_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    no_written_tools(monkeypatch)
    for app in ("library", "broken"):
        name = f"{HERE}.{app}.agent_tools"
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_the_tools_of_all_apps_are_found_when_the_site_starts(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"{HERE}.{app}" for app in ("broken", "empty", "library")]
    before = len(all_tools())

    with caplog.at_level(logging.ERROR):
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, *names]

    found = [tool.name for tool in all_tools()[before:]]
    assert found == ["count_books", "count_chairs"]
    [noted] = noted_mistakes()
    assert noted.place == f"{HERE}.broken.agent_tools"
    assert "ZeroDivisionError: division by zero" in noted.message
    assert "Traceback" in caplog.text


def test_starting_twice_finds_nothing_twice(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, f"{HERE}.library"]
    before = all_tools()

    apps.get_app_config("agent_connector").ready()

    assert all_tools() == before
    assert noted_mistakes() == ()
