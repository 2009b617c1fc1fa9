"""What agents would miss, `manage.py check` says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.checks import Error, Warning  # noqa: A004  # as Django calls it

from agent_connector.checks.written_tools import check_written_tools
from agent_connector.tools.mistakes import note_mistake
from agent_connector.tools.registry import add_tool, all_tools
from tests.callers import no_written_tools


@pytest.fixture(autouse=True)
def _nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    no_written_tools(monkeypatch)


def test_a_site_without_tools_of_its_own_is_fine() -> None:
    assert check_written_tools() == []


def test_a_tool_that_was_left_out_is_an_error_with_its_cure() -> None:
    note_mistake("library.agent_tools.lend", message="it is odd.", cure="Even it.")

    [error] = check_written_tools()

    assert error == Error(
        "library.agent_tools.lend is no tool: it is odd.",
        hint="Even it.",
        id="agent_connector.E003",
    )


@pytest.mark.parametrize(
    ("permission", "warned"),
    [
        ("shop.change_product", False),
        ("shop.view_draft_product", False),
        ("shop.chang_product", True),
        ("library.change_product", True),
    ],
)
def test_a_permission_that_no_model_declares_is_named(
    permission: str, *, warned: bool
) -> None:
    tool = replace(all_tools()[0], name="lend_book", permissions=(permission,))
    add_tool(tool)

    found = check_written_tools()

    assert [type(one) for one in found] == [Warning] * warned
    assert all(one.id == "agent_connector.W006" for one in found)
    assert all(permission in one.msg and "lend_book" in one.msg for one in found)
