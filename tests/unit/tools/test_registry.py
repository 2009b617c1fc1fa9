"""The tools of the public contract, each with every hint stated."""

from __future__ import annotations

import pytest

from agent_connector.tools.definition import Tool
from agent_connector.tools.registry import all_tools, find_tool


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
