"""The tools of the public contract, each with every hint stated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import Settings

from agent_connector.conf import KNOWN_EXTRA_TOOLS
from agent_connector.tools.definition import Tool
from agent_connector.tools.registry import (
    _EXTRAS,
    add_tool,
    all_tools,
    find_tool,
    is_taken,
)
from tests.callers import no_written_tools


def test_the_tools_are_those_of_the_contract_in_a_fixed_order() -> None:
    assert [tool.name for tool in all_tools()] == [
        "whoami",
        "list_models",
        "describe_model",
        "search_records",
        "get_record",
        "lookup_choices",
        "get_history",
        "preview_change",
        "create_record",
        "update_record",
        "delete_records",
        "run_action",
    ]


def test_a_tool_is_found_by_its_exact_name_only() -> None:
    assert find_tool("whoami") is not None
    assert find_tool("WHOAMI") is None


@pytest.mark.parametrize("tool", all_tools(), ids=lambda tool: tool.name)
def test_a_tool_that_reads_needs_no_more_than_reading(tool: Tool) -> None:
    assert tool.read_only == (tool.needs == "read")
    assert not (tool.destructive and tool.read_only)
    assert not tool.open_world


def test_each_tool_says_what_a_mistaken_call_may_do() -> None:
    """Clients ask their person by these: what is left unsaid counts as the worst."""
    changing = {
        tool.name: (tool.destructive, tool.idempotent)
        for tool in all_tools()
        if not tool.read_only
    }

    assert changing == {
        "create_record": (False, False),
        "update_record": (True, True),
        "delete_records": (True, True),
        "run_action": (True, False),
    }
    assert all(tool.idempotent for tool in all_tools() if tool.read_only)


def test_tools_that_are_off_by_default_come_after_the_others(
    settings: Settings,
) -> None:
    before = all_tools()
    assert find_tool("search_docs") is None

    settings.AGENT_CONNECTOR = {"EXTRA_TOOLS": ["search_docs", "installed_packages"]}

    extras = [tool.name for tool in all_tools()[len(before) :]]
    assert extras == ["installed_packages", "search_docs"]
    assert tuple(_EXTRAS) == KNOWN_EXTRA_TOOLS


def test_a_tool_of_the_project_comes_last_and_takes_its_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_written_tools(monkeypatch)
    settings.AGENT_CONNECTOR = {"EXTRA_TOOLS": ["search_docs"]}
    mine = replace(all_tools()[0], name="lend_book")

    add_tool(mine)

    assert all_tools()[-1] is find_tool("lend_book") is mine
    taken = ["whoami", "installed_packages", "search_docs", "lend_book", "free"]
    assert [is_taken(name) for name in taken] == [True, True, True, True, False]
