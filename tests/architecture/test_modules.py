"""Every module imports, says what it is for, stays small and has its tests."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from tests.architecture.tree import (
    APP,
    PANEL,
    TESTS,
    line_count,
    module_of,
    name_of,
    python_files,
)

MODULE_LIMIT = 300
TEST_FILE_LIMIT = 400
NEEDS_TESTS_ABOVE = 30

MODULES = python_files(APP) + python_files(PANEL)


IMPORTABLE = [
    path
    for folder in (APP, PANEL)
    for path in python_files(folder, with_migrations=True)
    if path.stem != "__main__"
]


@pytest.mark.parametrize("path", IMPORTABLE, ids=name_of)
def test_every_module_imports(path: Path) -> None:
    module = importlib.import_module(module_of(path))

    assert module.__file__ == str(path)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not source.strip() or ast.get_docstring(ast.parse(source))


def test_no_module_is_too_long() -> None:
    too_long = {
        name_of(path): line_count(path)
        for path in MODULES
        if line_count(path) > MODULE_LIMIT
    }

    assert too_long == {}


def test_no_test_file_is_too_long() -> None:
    too_long = {
        name_of(path): line_count(path)
        for path in python_files(TESTS)
        if line_count(path) > TEST_FILE_LIMIT
    }

    assert too_long == {}


def test_every_module_of_some_size_has_its_mirror_test() -> None:
    without = [
        name_of(path)
        for path in python_files(APP)
        if path.stem != "__init__"
        and line_count(path) > NEEDS_TESTS_ABOVE
        and not _mirror_tests(path)
    ]

    assert without == []


def _mirror_tests(path: Path) -> list[Path]:
    """Return `test_<module>.py` and `test_<module>_<aspect>.py` at the mirror place."""
    folder = TESTS / "unit" / path.parent.relative_to(APP)
    return [
        *folder.glob(f"test_{path.stem}.py"),
        *folder.glob(f"test_{path.stem}_*.py"),
    ]
