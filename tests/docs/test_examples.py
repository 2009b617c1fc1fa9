"""The examples in the documentation do what it says, word for word."""

from __future__ import annotations

import sys
import unittest
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from agent_connector.tools.mistakes import noted_mistakes
from tests.architecture.tree import ROOT
from tests.callers import no_written_tools

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture
def _installed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the examples be an app of the site, for one test."""
    no_written_tools(monkeypatch)
    monkeypatch.delitem(sys.modules, "docs.examples.agent_tools", raising=False)
    settings.INSTALLED_APPS = [*django_settings.INSTALLED_APPS, "docs.examples"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_installed")
def test_the_tests_in_the_documentation_pass() -> None:
    module = import_module("docs.examples.test_agent_tools")
    result = unittest.TestResult()

    unittest.defaultTestLoader.loadTestsFromModule(module).run(result)

    assert noted_mistakes() == ()
    assert (result.errors, result.failures) == ([], [])
    assert result.testsRun == 3


@pytest.mark.parametrize("name", ["agent_tools.py", "test_agent_tools.py"])
def test_the_page_shows_the_examples_as_they_are(name: str) -> None:
    page = (ROOT / "docs" / "writing-tools.md").read_text(encoding="utf-8")

    shown = (EXAMPLES / name).read_text(encoding="utf-8")

    assert f"```python\n{shown}```" in page
