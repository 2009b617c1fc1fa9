"""What a site takes away is gone, the rest and the admin itself are as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from agent_connector.tools import AgentAccess, ToolFailed
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.narrowed import narrow
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.registry import all_tools
from panel.shop.models import Category, Customer, Product, Tag
from tests.callers import call, failure_of, make_caller, use_admin
from tests.narrowing import IBAN, hide_phone, narrowed_admin
from tests.panel.shop import (
    make_category,
    make_customer,
    make_order,
    make_product,
)

ROOT = Path(__file__).resolve().parents[4]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by_settings", [True, False])
def test_a_read_only_model_is_read_and_not_changed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, *, by_settings: bool
) -> None:
    if by_settings:
        settings.AGENT_CONNECTOR = {
            **settings.AGENT_CONNECTOR,
            "READ_ONLY_MODELS": ["shop.product"],
        }
    else:
        narrowed_admin(monkeypatch, Product, AgentAccess(read_only=True))
    product, caller = make_product(name="Lamp"), make_caller(level="delete")

    shown = call(caller, "get_record", model="shop.product", id=product.pk)
    listed = call(caller, "list_models", query="shop.product")["models"]
    described = call(
        caller, "describe_model", model="shop.product", id=product.pk, purpose="change"
    )
    failure = failure_of(
        caller,
        "update_record",
        model="shop.product",
        id=product.pk,
        values={"name": "x"},
    )

    assert shown["values"]["name"] == "Lamp"
    assert listed[0]["may"] == {"add": False, "change": False, "delete": False}
    assert described["fields"]["properties"] == {}
    assert "actions" not in described
    assert failure.code == "model_read_only"
    assert "agents only read" in failure.message
    assert Product.objects.get(pk=product.pk).name == "Lamp"


def test_a_hidden_field_is_in_no_answer_of_any_reading_tool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    customer, caller = hide_phone(monkeypatch), make_caller()

    answers = [
        call(caller, "search_records", model="shop.customer"),
        call(caller, "get_record", model="shop.customer", id=customer.pk),
        call(caller, "describe_model", model="shop.customer"),
        call(caller, "describe_model", model="shop.customer", id=customer.pk),
    ]

    assert IBAN not in str(answers)
    assert "phone" not in str(answers)


def test_the_admin_itself_stays_as_it_is() -> None:
    original = admin_site().get_model_admin(Product)

    found = find_admin(make_caller(), "shop.product")

    assert isinstance(found, type(original))
    assert type(found).__name__ == type(original).__name__
    assert admin_site().get_model_admin(Product) is original
    assert not hasattr(original, "agent_narrowing")


def test_without_a_declaration_nothing_is_taken_away() -> None:
    original = admin_site().get_model_admin(Product)
    caller = make_caller()
    request = AdminRequest(caller, path="/admin/shop/product/")

    narrowed = narrow(original, caller)

    for method in ("get_list_display", "get_list_filter", "get_search_fields"):
        assert list(getattr(narrowed, method)(request)) == list(
            getattr(original, method)(request)
        )
    assert narrowed.get_fieldsets(request) == original.get_fieldsets(request)
    assert narrowed.get_ordering(request) == original.get_ordering(request)
    assert set(narrowed.get_actions(request)) == set(original.get_actions(request))


def test_every_tool_that_changes_refuses_a_read_only_model(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "READ_ONLY_MODELS": ["shop.*"],
    }
    product, caller = make_product(), make_caller(level="delete")
    given = {
        "model": "shop.product",
        "id": product.pk,
        "ids": [product.pk],
        "values": {"name": "x"},
        "action": "mark_out_of_stock",
        "confirm": "x",
    }

    for tool in all_tools():
        if not tool.read_only:
            fields = tool.input.__struct_fields__
            arguments = {name: given[name] for name in fields if name in given}
            assert failure_of(caller, tool.name, **arguments).code == "model_read_only"


def test_the_example_of_the_documentation_does_what_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = (ROOT / "docs" / "agent-access.md").read_text(encoding="utf-8")
    example = page.partition("```python\n")[2].partition("```")[0]
    named: dict[str, Any] = {}
    exec(compile(example, "agent-access.md", "exec"), named)  # noqa: S102  # our own page
    use_admin(monkeypatch, Customer, named["CustomerAdmin"])
    customer, caller = make_customer(phone=IBAN, notes=IBAN), make_caller()
    address: dict[str, Any] = {"model": "shop.customer", "id": customer.pk}

    shown = call(caller, "get_record", **address)
    failure = failure_of(caller, "update_record", **address, values={"city": "x"})

    assert IBAN not in str(shown)
    assert failure.code == "model_read_only"


def test_no_reading_tool_tells_a_hidden_value(monkeypatch: pytest.MonkeyPatch) -> None:
    customer, caller = hide_phone(monkeypatch), make_caller(level="delete")
    given: dict[str, Any] = {
        "model": "shop.customer",
        "id": customer.pk,
        "ids": [customer.pk],
        "field": "phone",
        "kind": "update",
        "values": {"city": "Graz"},
    }

    for tool in all_tools():
        if tool.read_only and "model" in tool.input.__struct_fields__:
            fields = tool.input.__struct_fields__
            arguments = {name: given[name] for name in fields if name in given}
            try:
                told = str(call(caller, tool.name, **arguments))
            except ToolFailed as failure:
                told = str(failure.detail())
            assert IBAN not in told, tool.name


def test_no_preview_of_a_read_only_model_leads_to_a_confirmation(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "READ_ONLY_MODELS": ["shop.order"],
    }
    order, caller = make_order(), make_caller(level="delete")

    failure = failure_of(
        caller, "preview_change", kind="delete", model="shop.order", ids=[order.pk]
    )

    assert failure.code == "model_read_only"


def test_records_that_agents_only_read_do_not_go_along(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "READ_ONLY_MODELS": ["shop.orderline"],
    }
    order = make_order(lines=((2, "7.50"),))
    caller = make_caller(level="delete")

    deleting = failure_of(
        caller, "preview_change", kind="delete", model="shop.order", ids=[order.pk]
    )
    adding = failure_of(
        caller,
        "update_record",
        model="shop.order",
        id=order.pk,
        inlines={"lines": {"delete": [order.lines.get().pk]}},
    )

    assert deleting.code == adding.code == "model_read_only"
    assert order.lines.count() == 1


def test_an_error_about_a_hidden_field_does_not_tell_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(monkeypatch, Customer, AgentAccess(hidden_fields=("email",)))
    customer = make_customer()
    Customer.objects.filter(pk=customer.pk).update(email="no-mail-at-all")

    failure = failure_of(
        make_caller(),
        "update_record",
        model="shop.customer",
        id=customer.pk,
        values={"city": "Graz"},
    )

    assert failure.fields == {"email": ["This field is withheld from agents."]}


def test_a_filter_does_not_list_the_records_of_a_hidden_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_product(category=make_category("Vault"))
    for name in ("new", "old"):
        Tag.objects.create(name=name)
    make_category("Cellar")
    narrowed_admin(monkeypatch, Category, AgentAccess(hidden=True))
    caller = make_caller()

    described = call(caller, "describe_model", model="shop.product")
    counted = call(caller, "search_records", model="shop.product", facets=True)
    failure = failure_of(
        caller,
        "search_records",
        model="shop.product",
        filters={"category__id__exact": "1"},
    )

    assert "Cellar" not in str(described)
    assert "Cellar" not in str(counted)
    assert failure.code == "invalid_filter"
    assert any("tags__id__exact" in str(one) for one in described["filters"])


def test_a_change_does_not_tell_a_hidden_value_that_loses_its_blanks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hide_phone(monkeypatch)
    customer = make_customer(phone=f" {IBAN} ")

    answer = call(
        make_caller(),
        "update_record",
        model="shop.customer",
        id=customer.pk,
        values={"first_name": "Ada"},
    )

    assert answer["changed"].keys() == {"first_name"}
    assert IBAN not in str(answer)
