"""What an attempt is about, and what of it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from agent_connector.models import Connection, ConnectorSettings, ToolCall
from agent_connector.models.changed_record import ChangedRecord
from agent_connector.tools import AgentAccess
from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.recording import reason_on_record, recorder_of
from panel.shop.models import Order, Product
from tests.callers import call, failure_of, last_call, make_caller
from tests.factories import NOON, make_admin, make_connection
from tests.narrowing import lines_inline, narrowed_admin
from tests.panel.shop import make_product
from tests.wire import call as call_over_http

pytestmark = pytest.mark.django_db

DONE = ToolCall.Outcome.DONE


def recorded(**arguments: Any) -> ToolCall:
    recorder_of(make_caller(), "update_record", arguments, now=timezone.now())(DONE)
    return last_call()


def test_what_a_field_hidden_from_agents_was_to_hold_is_masked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    access = AgentAccess(hidden_fields=("stock",))
    narrowed_admin(monkeypatch, Product, access)

    one = recorded(
        model="shop.product",
        values={"stock": 4711, "name": "Kettle"},
        filters={"stock__gt": 4712},
    )
    through = recorded(model="shop.orderline", filters={"product__stock": 4711})

    assert one.arguments["values"] == {"stock": "[redacted]", "name": "Kettle"}
    assert one.arguments["filters"] == {"stock__gt": "[redacted]"}
    assert through.arguments["filters"] == {"product__stock": "[redacted]"}


def test_what_is_hidden_in_the_rows_of_a_page_is_masked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inline = lines_inline(AgentAccess(hidden_fields=("unit_price",)))
    narrowed_admin(monkeypatch, Order, AgentAccess(), inlines=[inline])

    one = recorded(
        model="shop.order",
        inlines={"lines": {"add": [{"unit_price": "47.11", "quantity": 2}]}},
    )

    [row] = one.arguments["inlines"]["lines"]["add"]
    assert row == {"unit_price": "[redacted]", "quantity": 2}


@pytest.mark.parametrize("model", ["nonsense", "no.model", "a.b.c", 7, None])
def test_a_model_that_is_none_hides_nothing(model: Any) -> None:
    one = recorded(model=model, values={"name": "Kettle"})

    assert one.arguments["values"] == {"name": "Kettle"}


def test_a_site_that_keeps_no_arguments_keeps_no_values_either() -> None:
    caller, kettle = make_caller(), make_product("Kettle", stock=1)
    silent = replace(caller, stores_arguments=False)
    change = {"model": "shop.product", "id": kettle.pk, "values": {"stock": 4711}}

    call(silent, "update_record", **change)

    assert (last_call().arguments, last_call().changes) == ({}, [])
    assert (last_call().model, last_call().object_id) == (
        "shop.product",
        str(kettle.pk),
    )
    assert ChangedRecord.objects.get().object_id == str(kettle.pk)


def test_the_setting_counts_from_the_next_call_on() -> None:
    _, pair = make_connection(make_admin())
    call_over_http(pair.access, "list_models", query="first")
    ConnectorSettings.objects.update_or_create(defaults={"store_arguments": False})
    call_over_http(pair.access, "list_models", query="second")
    ConnectorSettings.objects.update(store_arguments=True)
    call_over_http(pair.access, "list_models", query="third")

    kept = ToolCall.objects.order_by("pk").values_list("arguments", flat=True)
    assert list(kept) == [{"query": "first"}, {}, {"query": "third"}]


def test_the_reason_is_a_code_which_quotes_nothing() -> None:
    caller = make_caller()

    failure_of(caller, "get_record", model="shop.product", id="4711 <confidential>")
    failure_of(
        caller, "search_records", model="shop.product", filters={"confidential": "x"}
    )

    reasons = ToolCall.objects.order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["not_found", "invalid_filter"]


def test_the_message_of_a_tool_without_codes_is_what_it_says_unless_told() -> None:
    caller, failure = make_caller(), ToolFailed("No copy of “Dune” is left.")
    silent = replace(caller, stores_arguments=False)

    assert reason_on_record(caller, failure) == failure.message
    assert reason_on_record(silent, failure) == "failed"
    assert reason_on_record(silent, ToolFailed("x", reason="gone")) == "gone"


def test_the_object_that_a_call_made_is_told_afterwards() -> None:
    record = recorder_of(make_caller(), "create_record", {"model": "a.b"}, now=NOON)

    record(ToolCall.Outcome.DONE, object_id="12")

    assert last_call().object_id == "12"


def test_a_refusal_counts_if_it_is_said_to() -> None:
    caller = make_caller()
    record = recorder_of(caller, "whoami", {}, now=NOON)

    record(ToolCall.Outcome.REFUSED, "one", counts=True)
    record(ToolCall.Outcome.REFUSED, "two")

    assert Connection.objects.get(pk=caller.connection.pk).refused_in_row == 1
    assert ToolCall.objects.count() == 2
