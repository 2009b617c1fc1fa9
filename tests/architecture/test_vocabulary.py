"""Each thing has one name: words that we do not use name nothing in the app."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import APP, name_of, python_files

NOT_USED = (
    r"applications?",  # a client
    r"api_?keys?",  # a token
    r"integrations?",  # a client, or a guide
    r"services?",  # says nothing
    r"managers?",  # says nothing; Django's own are attributes, not our names
    r"accounts?(?!_(settings?|page|url|view))",  # a user; Account Setting is a screen
    r"grants?(?!_type)",  # a connection; `grant_type` is a wire name
    r"(call|tool)_logs?",  # a tool call
)
NO_NAMES_OF_MODULES = {"base", "common", "core", "helpers", "managers", "utils"}
WIRE_NAMES = {"InvalidGrant", "UnauthorizedClient", "INVALID_GRANT"}
SCREENS = {"admin/account.py", "admin/account_setting.py"}

WORDS = re.compile("|".join(rf"(?<![a-z])({word})(?![a-z])" for word in NOT_USED))


def in_words(name: str) -> str:
    """Return `ToolCallLog` or `TOOL_CALL_LOG` as `tool_call_log`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize("path", python_files(APP), ids=name_of)
def test_no_unused_word_names_anything(path: Path) -> None:
    about_the_screen = str(path.relative_to(APP)) in SCREENS
    names = {path.stem, *_names_given(ast.parse(path.read_text(encoding="utf-8")))}

    offending = {
        name
        for name in names - WIRE_NAMES
        if (found := WORDS.search(in_words(name)))
        and not (about_the_screen and found[0].startswith("account"))
    }

    assert offending == set()
    assert path.stem not in NO_NAMES_OF_MODULES


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("UserService", True),
        ("api_key", True),
        ("ApplicationForm", True),
        ("tool_call_log", True),
        ("grant", True),
        ("account_of", True),
        ("grant_type", False),
        ("account_setting_url", False),
        ("database", False),
        ("LogEntry", False),
    ],
)
def test_the_words_are_found_in_any_spelling(name: str, *, refused: bool) -> None:
    assert bool(WORDS.search(in_words(name))) is refused


def _names_given(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case _:
                pass
