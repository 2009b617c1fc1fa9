"""A mutant of what runs at import: judged by a pytest that imports it changed."""

from __future__ import annotations

import contextlib
import importlib
import io
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest

from tests.mutants.changes import Mutant
from tests.mutants.forks import in_a_fork

PATIENCE = 30
OPTIONS = [
    *("-q", "-x", "-p", "no:cacheprovider", "--no-migrations", "--assert=plain"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
]
HEAVY = ("django.test", "django.contrib.auth.hashers", "hypothesis.strategies", "httpx")


def import_what_is_heavy() -> None:
    """Import once what every pytest here needs, and what knows nothing of us."""
    for name in HEAVY:
        importlib.import_module(name)


class Chosen:
    """The plugin that runs these tests only, in this order."""

    def __init__(self, tests: list[str]) -> None:
        self.order = {test: number for number, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order),
            key=lambda item: self.order[item.nodeid],
        )


def is_noticed(tests: list[str], mutant: Mutant | None) -> bool:
    """Tell whether one of the tests fails where the module is imported changed."""

    def ask() -> int:
        if mutant is not None:
            _import_as(mutant.path, mutant.compiled())
        files = sorted({test.split("::")[0] for test in tests})
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                return int(pytest.main([*OPTIONS, *files], plugins=[Chosen(tests)]))
        except Exception:  # noqa: BLE001  # it cannot even be imported
            return 1

    return in_a_fork(ask, patience=PATIENCE, otherwise=1) != 0


def _import_as(path: Path, code: CodeType) -> None:
    """Let every later import of this file run the changed code."""
    original = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return code if self.path == str(path) else original(self, fullname)

    setattr(SourceFileLoader, "get_code", get_code)  # noqa: B010  # mypy forbids it plain
