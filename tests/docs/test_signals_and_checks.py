"""What code can send and complain of is documented, and nothing else is."""

from __future__ import annotations

import inspect
import re

import pytest
from django.dispatch import Signal

from agent_connector import signals
from agent_connector.management.commands.agent_connector import SUBCOMMANDS
from tests.architecture.tree import ROOT, check_ids

PAGE = (ROOT / "docs" / "signals-and-checks.md").read_text(encoding="utf-8")
SIGNALS = sorted(
    name for name, value in vars(signals).items() if isinstance(value, Signal)
)


def test_every_check_is_documented_and_every_documented_one_exists() -> None:
    documented = re.findall(r"^\| `(agent_connector\.\w+)` \|", PAGE, re.MULTILINE)

    assert len(documented) > 10
    assert documented == sorted(check_ids())


def test_every_signal_is_documented_and_every_documented_one_exists() -> None:
    assert sorted(re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)) == SIGNALS


@pytest.mark.parametrize("name", SIGNALS)
def test_each_signal_is_documented_with_its_arguments(name: str) -> None:
    source = inspect.getsource(signals)
    told = source.partition(f"\n{name} = Signal()")[2].partition("\n\n\n")[0]
    told = told.partition(" = Signal()")[0]
    part = (
        PAGE.partition(f"\n### {name}\n")[2]
        .partition("\n### ")[0]
        .partition("\n## ")[0]
    )

    assert re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) == re.findall(
        r"^    (\w+): ", told, re.MULTILINE
    )


def test_every_subcommand_has_its_part_on_the_page_of_commands() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^## ([a-z-]+)$", page, re.MULTILINE)) == set(SUBCOMMANDS)
