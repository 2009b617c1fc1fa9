"""The filters of Tool Calls name columns and values that exist."""

from __future__ import annotations

from agent_connector.admin.call_filters import FILTERS, OutcomeFilter, ToolFilter
from agent_connector.models import ToolCall
from agent_connector.tools.registry import all_tools
from panel.site import site


def test_every_filter_has_a_column_and_a_parameter_of_its_own() -> None:
    columns = {field.name for field in ToolCall._meta.get_fields()}
    names = [one.parameter_name for one in FILTERS]

    assert {one.field_path for one in FILTERS} <= columns
    assert len(set(names)) == len(FILTERS)


def test_the_choices_are_all_tools_and_all_outcomes() -> None:
    model_admin = site.get_model_admin(ToolCall)

    tools = ToolFilter(None, {}, ToolCall, model_admin).values()  # type: ignore[arg-type]  # not asked
    outcomes = OutcomeFilter(None, {}, ToolCall, model_admin).values()  # type: ignore[arg-type]  # not asked

    assert set(tools) == {tool.name for tool in all_tools()}
    assert set(outcomes) == set(ToolCall.Outcome.values)


def test_the_filters_behind_more_come_last() -> None:
    further = [one.is_further for one in FILTERS if hasattr(one, "is_further")]

    assert further == sorted(further)
    assert True in further
    assert getattr(FILTERS[-1], "is_further", False)
