"""A tool that asks the person first: one record of the question, one of the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from agent_connector.models import Connection, ToolCall
from agent_connector.tools import registry
from agent_connector.tools.call import call_tool
from agent_connector.tools.definition import Answer, Ask, Asked, Declined
from agent_connector.tools.modeladmin.update_record import UPDATE_RECORD
from panel.shop.models import Category
from tests.callers import failure_of, last_call, make_caller
from tests.panel.shop import make_category

pytestmark = pytest.mark.django_db

WIPE: dict[str, Any] = {"model": "shop.category", "id": 7, "values": {"name": "x"}}


class Wiped(Answer, frozen=True):
    waits: bool = False

    @property
    def outcome(self) -> ToolCall.Outcome:
        return ToolCall.Outcome.ASKED if self.waits else ToolCall.Outcome.DONE


@pytest.fixture(autouse=True)
def wipe(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_caller: Any, given: Any, ask: Ask) -> Answer:
        make_category("Half")
        ask("Really?")
        return Wiped(waits=given.id == "8")

    tool = replace(UPDATE_RECORD, name="wipe", run=run, asks=True)
    monkeypatch.setitem(registry._TOOLS, "wipe", tool)  # noqa: SLF001


def test_while_there_is_no_answer_nothing_is_done() -> None:
    def ask(question: str) -> None:
        raise Asked(question)

    caller = make_caller()

    with pytest.raises(Asked, match=r"Really\?"):
        call_tool(caller, "wipe", WIPE, now=timezone.now(), ask=ask)

    assert not Category.objects.exists()
    record = ToolCall.objects.get()
    assert (record.outcome, record.reason) == ("asked", "asked")
    assert Connection.objects.get(pk=caller.connection.pk).last_used_at == record.at


def test_a_no_refuses_the_call() -> None:
    def ask(_question: str) -> None:
        raise Declined

    with pytest.raises(Declined):
        call_tool(make_caller(), "wipe", WIPE, now=timezone.now(), ask=ask)

    assert not Category.objects.exists()
    assert (last_call().outcome, last_call().reason) == ("refused", "declined")


def test_a_yes_lets_it_go_on() -> None:
    heard: list[str] = []

    call_tool(make_caller(), "wipe", WIPE, now=timezone.now(), ask=heard.append)

    assert heard == ["Really?"]
    assert Category.objects.exists()


def test_nobody_to_ask_lets_it_go_on() -> None:
    call_tool(make_caller(), "wipe", WIPE, now=timezone.now())

    assert last_call().outcome == "done"


def test_an_answer_that_waits_is_recorded_as_such() -> None:
    call_tool(make_caller(), "wipe", {**WIPE, "id": "8"}, now=timezone.now())

    assert last_call().outcome == "asked"


@pytest.mark.parametrize(
    ("ids", "object_id"), [([7], "7"), (["a"], "a"), ([7, 8], ""), ([], ""), ("7", "")]
)
def test_the_record_names_the_object_when_there_is_one(
    ids: Any, object_id: str
) -> None:
    failure_of(make_caller(), "get_record", model="shop.order", ids=ids)

    assert last_call().object_id == object_id
