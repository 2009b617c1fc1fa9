"""A hidden model is in no tool, however an agent gets near it."""

from __future__ import annotations

import re

import pytest
from pytest_django import Settings

from agent_connector.tools import AgentAccess
from panel.shop.models import Customer, Order, OrderLine
from tests.callers import call, failure_of, last_call, make_caller
from tests.narrowing import lines_inline, narrowed_admin
from tests.panel.shop import make_order

pytestmark = pytest.mark.django_db


def test_a_hidden_model_is_told_as_a_missing_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(monkeypatch, Customer, AgentAccess(hidden=True))
    caller = make_caller()

    hidden = failure_of(caller, "describe_model", model="shop.customer").detail()
    recorded = last_call().reason
    missing = failure_of(caller, "describe_model", model="shop.xxxxxxxx").detail()

    told = re.sub(r" Did you mean .*?\?", "", str(hidden))
    assert told.replace("customer", "#") == str(missing).replace("xxxxxxxx", "#")
    assert recorded == "model is withheld"
    assert "shop.customer" not in {
        one["model"] for one in call(caller, "list_models")["models"]
    }


@pytest.mark.parametrize("label", ["shop.customer", "Shop.Customer", "shop.*"])
def test_settings_hide_a_model_or_an_app(settings: Settings, label: str) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "HIDDEN_MODELS": [label]}

    failure = failure_of(make_caller(), "describe_model", model="shop.customer")

    assert failure.code == "unknown_model"


def test_a_relation_to_a_hidden_model_is_shown_without_a_way_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(monkeypatch, Customer, AgentAccess(hidden=True))
    order, caller = make_order(), make_caller()

    shown = call(caller, "get_record", model="shop.order", id=order.pk)
    failure = failure_of(
        caller, "update_record", model="shop.order", id=order.pk, values={"customer": 1}
    )
    told = call(caller, "describe_model", model="shop.order")

    assert shown["values"]["customer"]["label"] == str(order.customer)
    assert "withheld" in failure.fields["customer"][0]
    assert "shop.customer" not in str(told)


def test_a_hidden_inline_is_nowhere_and_its_rows_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inline = lines_inline(AgentAccess(hidden=True))
    narrowed_admin(monkeypatch, Order, AgentAccess(), inlines=[inline])
    line, caller = make_order(lines=((2, "7.50"),)).lines.get(), make_caller()

    described = call(caller, "describe_model", model="shop.order")
    shown = call(caller, "get_record", model="shop.order", id=line.order_id)
    call(
        caller,
        "update_record",
        model="shop.order",
        id=line.order_id,
        values={"note": "x"},
    )

    assert "inlines" not in described
    assert "inlines" not in shown
    assert OrderLine.objects.filter(pk=line.pk).exists()


def test_an_agent_access_of_another_type_hides_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(monkeypatch, Customer, {"read_only": True})

    failure = failure_of(make_caller(), "describe_model", model="shop.customer")

    assert failure.code == "unknown_model"
