"""`@tool` offers a function to agents and leaves it as it was."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TypedDict

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agent_connector.models import Connection, ToolCall
from agent_connector.tools import Caller, Scope, ToolFailed, ToolRefused, tool
from agent_connector.tools.call import is_listed, record_unrun
from agent_connector.tools.definition import ScopeMissing, UnknownTool
from agent_connector.tools.mistakes import noted_mistakes
from agent_connector.tools.registry import find_tool
from panel.shop.models import Category
from tests.callers import call, failure_of, last_call, make_caller, no_written_tools
from tests.factories import make_user
from tests.panel.shop import make_category

pytestmark = pytest.mark.django_db

PERMISSION = "shop.add_category"


class Told(TypedDict):
    name: str


@pytest.fixture(autouse=True)
def _written(monkeypatch: pytest.MonkeyPatch) -> None:
    no_written_tools(monkeypatch)

    @tool(needs=Scope.WRITE, permission=PERMISSION)
    def open_shelf(caller: Caller, *, name: str, fail: str = "") -> Told:
        """Opens a shelf."""
        made = make_category(f"{name} by {caller.user.get_username()}")
        if fail:
            raise FAILURES[fail]
        return Told(name=made.name)


FAILURES = {
    "failed": ToolFailed("The shelf is full.", code="full"),
    "refused": ToolRefused("Not on Sundays.", code="closed"),
    "invalid": ValidationError({"name": ["Too odd."]}),
    "denied": PermissionDenied("secret"),
    "named alike": ToolRefused("Not for you.", code="declined"),
    "broken": ZeroDivisionError("secret"),
}


def keeper(**changes: object) -> Caller:
    return make_caller(make_user("jane", permissions=(PERMISSION,)), **changes)  # type: ignore[arg-type]  # of the factory


def test_the_function_stays_an_ordinary_one() -> None:
    @tool(needs=Scope.READ)
    def greet(caller: Caller, *, name: str) -> Told:
        """Greets."""
        return Told(name=f"Hello {name}")

    assert greet(make_caller(), name="Jane") == {"name": "Hello Jane"}


def test_a_call_is_done_and_recorded_like_any_other() -> None:
    caller = keeper()

    assert call(caller, "open_shelf", name="Tea") == {"name": "Tea by jane"}

    record = ToolCall.objects.get()
    assert (record.tool, record.outcome) == ("open_shelf", "done")
    assert record.arguments == {"name": "Tea"}


@pytest.mark.parametrize(
    ("how", "code", "outcome", "reason"),
    [
        ("failed", "full", "failed", "full"),
        ("refused", "closed", "refused", "closed"),
        ("invalid", "invalid_values", "failed", "invalid_values"),
        ("denied", "permission_missing", "refused", "permission_missing"),
        ("broken", "broken", "failed", "ZeroDivisionError"),
    ],
)
def test_what_it_raises_is_told_recorded_and_rolled_back(
    how: str,
    code: str,
    outcome: str,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.CRITICAL):
        failure = failure_of(keeper(), "open_shelf", name="Tea", fail=how)

    assert failure.code == code
    assert "secret" not in str(failure.detail())
    assert last_call().outcome == outcome
    assert reason in {last_call().reason, failure.code}
    assert not Category.objects.exists()


@pytest.mark.parametrize(
    ("how", "count"), [("refused", 1), ("named alike", 1), ("failed", 0)]
)
def test_its_refusals_count_whatever_their_code(how: str, count: int) -> None:
    caller = keeper()

    failure_of(caller, "open_shelf", name="Tea", fail=how)

    connection = Connection.objects.get(pk=caller.connection.pk)
    assert connection.refused_in_row == count


def test_an_argument_that_it_does_not_have_is_an_error_that_names_those_it_has() -> (
    None
):
    failure = failure_of(keeper(), "open_shelf", nam="Tea")

    assert failure.allowed == ["name", "fail"]
    assert "`name`" in failure.message


def test_without_the_permission_there_is_no_such_tool() -> None:
    caller = make_caller(make_user())

    failure = failure_of(caller, "open_shelf", name="Tea")
    record_unrun(caller, "open_shelf", [], now=timezone.now())

    found = find_tool("open_shelf")
    assert found is not None
    assert not is_listed(caller, found)
    assert failure.detail() == UnknownTool("open_shelf").detail()
    assert list(ToolCall.objects.values_list("reason", flat=True)) == [
        "permission_missing",
        "permission_missing",
    ]


@pytest.mark.parametrize("level", ["read", "write"])
@pytest.mark.parametrize("may_change", [True, False])
def test_a_missing_permission_hides_the_tool_whatever_else_is_missing(
    level: str, *, may_change: bool
) -> None:
    caller = replace(make_caller(make_user(), level=level), may_change=may_change)

    failure = failure_of(caller, "open_shelf", name="Tea")

    assert isinstance(failure, UnknownTool)


def test_a_permission_lost_under_way_holds_for_the_change() -> None:
    @tool(needs=Scope.WRITE, permission=PERMISSION)
    def give_up(caller: Caller) -> Told:
        """Gives the permission up."""
        make_category("Too late")
        caller.user.user_permissions.clear()
        return Told(name="")

    failure = failure_of(keeper(), "give_up")

    assert isinstance(failure, UnknownTool)
    assert not Category.objects.exists()


def test_with_the_permission_a_level_that_does_not_reach_can_be_widened() -> None:
    failure = failure_of(keeper(level="read"), "open_shelf", name="Tea")

    assert isinstance(failure, ScopeMissing)


def test_several_permissions_may_be_asked_for() -> None:
    @tool(needs=Scope.READ, permission=(PERMISSION, "shop.view_order"))
    def greet(caller: Caller) -> Told:
        """Greets."""
        return Told(name="")

    assert isinstance(failure_of(keeper(), "greet"), UnknownTool)


def test_a_mistake_leaves_the_tool_out_and_the_site_alive(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @tool(needs=Scope.READ)
    def greet(caller: Caller, name: str) -> Told:
        """Greets."""
        return Told(name=name)

    assert find_tool("greet") is None
    [noted] = noted_mistakes()
    assert noted.place.endswith("greet")
    assert "`name: 'str'`" in noted.message
    assert "is no tool" in caplog.text


@pytest.mark.parametrize("name", ["whoami", "search_docs", "open_shelf"])
def test_a_name_that_is_taken_is_a_mistake(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = find_tool(name)

    def other(caller: Caller) -> Told:
        """Does something else."""
        raise NotImplementedError

    other.__name__ = name
    with caplog.at_level(logging.CRITICAL):
        tool(needs=Scope.READ)(other)

    assert find_tool(name) is before
    [noted] = noted_mistakes()
    assert "already" in noted.message
