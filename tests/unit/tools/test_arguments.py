"""Arguments are what the tool names, of the type it names, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.arguments import parse_arguments
from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.search_records import (
    SEARCH_RECORDS,
    SearchRecordsArguments,
)
from agent_connector.tools.modeladmin.update_record import (
    UPDATE_RECORD,
    UpdateRecordArguments,
)


def problem_of(given: Any) -> ToolFailed:
    with pytest.raises(ToolFailed) as failure:
        parse_arguments(SEARCH_RECORDS, given)
    return failure.value


def test_what_fits_becomes_the_tools_own_type() -> None:
    arguments = parse_arguments(SEARCH_RECORDS, {"model": "shop.order", "limit": 5})

    assert arguments == SearchRecordsArguments(model="shop.order", limit=5)


def test_an_unknown_argument_is_refused_with_the_name_that_was_meant() -> None:
    problem = problem_of({"model": "shop.order", "filter": {}})

    assert "`filters`" in problem.message
    assert "limit" in problem.allowed


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"model": 7}, "model"),
        ({"model": "shop.order", "limit": "many"}, "limit"),
        ({"model": "shop.order", "limit": 0}, "limit"),
        ({"model": "shop.order", "limit": True}, "limit"),
        ({"model": "shop.order", "query": None}, "query"),
        ({"model": "shop.order", "ordering": "name"}, "ordering"),
        ({"model": "shop.order", "filters": {"a": {"b": 1}}}, "filters"),
        ({"model": "shop.order", "filters": [1]}, "filters"),
        ({}, "model"),
    ],
    ids=str,
)
def test_a_wrong_type_is_refused_by_the_name_of_the_argument(
    given: dict[str, Any], where: str
) -> None:
    problem = problem_of(given)

    assert where in problem.message
    assert problem.code == "invalid_arguments"


@pytest.mark.parametrize(
    ("inlines", "allowed"),
    [
        ({"lines": {"remove": [1]}}, ["add", "change", "delete"]),
        ({"lines": {"add": 1}}, ["add", "change", "delete"]),
        ({"lines": {"change": [{"id": 1, "value": {}}]}}, ["id", "values"]),
        ({"lines": {"change": [{"values": {"a": 1}}]}}, ["id", "values"]),
        ([], list(UpdateRecordArguments.__struct_fields__)),
    ],
    ids=str,
)
def test_deep_inside_it_is_said_what_is_taken_there(
    inlines: Any, allowed: list[str]
) -> None:
    with pytest.raises(ToolFailed) as failure:
        parse_arguments(
            UPDATE_RECORD, {"model": "shop.order", "id": 1, "inlines": inlines}
        )

    assert failure.value.allowed == allowed


@pytest.mark.parametrize("given", [None, [], "model", 7])
def test_arguments_that_are_no_object_are_refused(given: Any) -> None:
    assert problem_of(given).code == "invalid_arguments"


@pytest.mark.parametrize(
    "given",
    [
        {"model": "shop.order", "query": "a\x00b"},
        {"model": "shop.order", "filters": {"a\x00": "b"}},
        {"model": "shop.order", "filters": {"a": ["\ud800"]}},
    ],
    ids=["NUL", "NUL in a key", "half a character"],
)
def test_text_that_a_database_cannot_hold_is_refused(given: dict[str, Any]) -> None:
    assert "NUL" in problem_of(given).message


def test_a_made_up_name_is_said_back_in_short() -> None:
    problem = problem_of({"x" * 5000: 1})

    assert len(problem.message) < 200
