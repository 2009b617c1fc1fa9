"""A hidden field is neither shown nor set, and keeps its value."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools import AgentAccess
from panel.shop.models import Customer, Order, OrderLine
from tests.callers import call, failure_of, make_caller
from tests.narrowing import IBAN, hide_phone, lines_inline, narrowed_admin
from tests.panel.shop import make_customer, make_order

pytestmark = pytest.mark.django_db


def test_a_hidden_field_is_not_set_and_keeps_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    customer, caller = hide_phone(monkeypatch), make_caller()
    address: dict[str, Any] = {"model": "shop.customer", "id": customer.pk}

    failure = failure_of(caller, "update_record", **address, values={"phone": "1"})
    call(caller, "update_record", **address, values={"city": "Graz"})

    customer.refresh_from_db()
    assert (customer.phone, customer.city) == (IBAN, "Graz")
    assert "withheld" in failure.fields["phone"][0]
    assert "phone" not in failure.allowed


def test_the_version_still_tells_that_a_hidden_field_was_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    customer, caller = hide_phone(monkeypatch), make_caller()
    address: dict[str, Any] = {"model": "shop.customer", "id": customer.pk}
    before = call(caller, "get_record", **address)["version"]

    Customer.objects.filter(pk=customer.pk).update(phone="other")

    assert call(caller, "get_record", **address)["version"] != before


def test_a_read_only_value_and_a_method_are_hidden_by_their_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(
        monkeypatch,
        Customer,
        AgentAccess(hidden_fields=["phone", "order_count"]),
        readonly_fields=("phone",),
    )
    customer, caller = make_customer(phone=IBAN), make_caller()
    address: dict[str, Any] = {"model": "shop.customer", "id": customer.pk}

    shown = call(caller, "get_record", **address)
    told = call(caller, "describe_model", model="shop.customer")
    call(caller, "update_record", **address, values={"city": "Graz"})

    assert IBAN not in str(shown)
    assert "phone" not in str(told)
    assert "order_count" not in str(told)
    assert Customer.objects.get(pk=customer.pk).phone == IBAN


def test_hidden_fields_of_an_inline_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inline = lines_inline(AgentAccess(hidden_fields=("unit_price",)))
    narrowed_admin(monkeypatch, Order, AgentAccess(), inlines=[inline])
    line, caller = make_order(lines=((2, "7.50"),)).lines.get(), make_caller()

    shown = call(caller, "get_record", model="shop.order", id=line.order_id)
    told = call(caller, "describe_model", model="shop.order", purpose="change")
    call(
        caller,
        "update_record",
        model="shop.order",
        id=line.order_id,
        values={"note": "x"},
    )

    assert set(shown["inlines"]["lines"]["rows"][0]) == {"id", "product", "quantity"}
    assert "quantity" in str(told["inlines"])
    assert "unit_price" not in str(told["inlines"])
    assert OrderLine.objects.get(pk=line.pk).unit_price == line.unit_price
