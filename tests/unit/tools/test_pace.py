"""A connection that calls too often is told when to come back, and on record once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent_connector.models import Connection, ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools.call import call_tool, record_unrun
from agent_connector.tools.definition import TooManyCalls
from tests.callers import make_caller
from tests.factories import NOON
from tests.statements import statements

pytestmark = pytest.mark.django_db


def limited(most: int) -> Caller:
    return replace(make_caller(now=NOON), most_calls=most, refused_calls_to_suspend=2)


def again(caller: Caller) -> Caller:
    """Return the caller of the next request, its connection read anew."""
    rows = Connection.objects.select_related("client", "user__mcp_access")
    return replace(caller, connection=rows.get(pk=caller.connection.pk))


def call(caller: Caller, *, seconds: float = 0, tool: str = "whoami") -> Any:
    now = NOON + timedelta(seconds=seconds)
    return call_tool(again(caller), tool, {}, now=now)


def test_one_call_too_many_is_not_done_and_says_when_to_come_back() -> None:
    caller = limited(3)
    for second in range(3):
        call(caller, seconds=second)

    with pytest.raises(TooManyCalls) as failure:
        call(caller, seconds=20)

    assert failure.value.code == "too_many_calls"
    assert failure.value.following.startswith("Wait 40 seconds, then call it again.")
    assert call(caller, seconds=60)


def test_it_is_on_record_once_a_minute_and_then_costs_nothing() -> None:
    caller = limited(1)
    call(caller)

    for _ in range(5):
        with pytest.raises(TooManyCalls):
            call(caller, seconds=10)
    known = again(caller)
    with statements() as seen, pytest.raises(TooManyCalls):
        call_tool(known, "whoami", {}, now=NOON + timedelta(seconds=30))

    recorded = ToolCall.objects.filter(outcome=ToolCall.Outcome.REFUSED)
    assert [one.reason for one in recorded] == ["too_many_calls"]
    assert seen == []


def test_to_call_too_fast_suspends_nobody() -> None:
    caller = limited(0)

    for second in range(300):
        with pytest.raises(TooManyCalls):
            call(caller, seconds=second)

    connection = again(caller).connection
    assert (connection.refused_in_row, connection.suspended_at) == (0, None)
    assert ToolCall.objects.count() == 5


def test_a_call_that_never_came_to_a_tool_fills_no_record_either() -> None:
    caller = limited(1)
    call(caller)

    for _ in range(5):
        record_unrun(again(caller), "nothing_like_it", {}, now=NOON)

    assert [one.reason for one in ToolCall.objects.order_by("pk")] == [
        "",
        "too_many_calls",
    ]


def test_without_a_limit_nobody_waits() -> None:
    caller = replace(make_caller(now=NOON), most_calls=None)

    for _ in range(20):
        call(caller)
