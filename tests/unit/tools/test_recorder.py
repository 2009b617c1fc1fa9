"""The one record of an attempt, made of what can be read from unjudged arguments."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.models import Connection, ToolCall
from agent_connector.tools.recorder import recorder_of
from tests.callers import last_call, make_caller
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("arguments", "model", "object_id"),
    [
        ({"model": "Shop.Order", "id": 7}, "shop.order", "7"),
        ({"model": "shop.order", "ids": ["7"]}, "shop.order", "7"),
        ({"model": "shop.order", "ids": ["7", "8"]}, "shop.order", ""),
        ({"model": ["no text"], "id": {}}, "", ""),
        ("no object", "", ""),
        (None, "", ""),
    ],
)
def test_model_and_object_are_told_where_they_can_be_read(
    arguments: Any, model: str, object_id: str
) -> None:
    record = recorder_of(make_caller(), "get_record", arguments, now=NOON)

    record(ToolCall.Outcome.DONE)

    call = last_call()
    assert (call.tool, call.model, call.object_id) == ("get_record", model, object_id)
    assert call.at == NOON
    assert call.duration.total_seconds() >= 0


def test_the_object_that_a_call_made_is_told_afterwards() -> None:
    record = recorder_of(make_caller(), "create_record", {"model": "a.b"}, now=NOON)

    record(ToolCall.Outcome.DONE, object_id="12")

    assert last_call().object_id == "12"


def test_a_refusal_counts_unless_it_is_said_not_to() -> None:
    caller = make_caller()
    record = recorder_of(caller, "whoami", {}, now=NOON)

    record(ToolCall.Outcome.REFUSED, "one")
    record(ToolCall.Outcome.REFUSED, "two", counts=False)

    assert Connection.objects.get(pk=caller.connection.pk).refused_in_row == 1
    assert ToolCall.objects.count() == 2
