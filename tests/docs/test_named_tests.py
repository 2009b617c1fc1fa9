"""Every test that the documentation names is there."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, TESTS, name_of

PAGES = sorted((ROOT / "docs").rglob("*.md"))
NAMED = re.compile(r"`(?:tests/)?((?:[a-z_]+/)+test_\w+\.py)(?:::(\w+))?`")


def named_in(page: Path) -> list[tuple[str, str]]:
    """Return the files below `tests/` and, where one is named, the test in each."""
    return NAMED.findall(page.read_text(encoding="utf-8"))


def functions_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_says_holds_something_is_there(page: Path) -> None:
    missing = [
        f"{file}::{test}" if test else file
        for file, test in named_in(page)
        if not (TESTS / file).is_file()
        or (test and test not in functions_in(TESTS / file))
    ]

    assert missing == []


@pytest.mark.parametrize("name", ["seed-page.md", "traps.md"])
def test_every_line_of_their_tables_names_a_test(name: str) -> None:
    page = ROOT / "docs" / name
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = [
        line
        for before, line in pairwise(lines)
        if line.startswith("| ") and before.startswith("|") and "---" not in line
    ]

    assert len(rows) > 20
    assert [row for row in rows if "test_" not in row] == []
