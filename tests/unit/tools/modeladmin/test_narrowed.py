"""What a site takes away from agents is gone from every tool, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import F
from pytest_django import Settings

from agent_connector.tools import AgentAccess
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.narrowed import narrow
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.registry import all_tools
from panel.shop.models import Customer, Order, OrderLine, Product
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.panel.shop import make_customer, make_order, make_product

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[4]
IBAN = "AT611904300234573201"


def narrowed_admin(
    monkeypatch: pytest.MonkeyPatch, model: Any, access: Any, **attributes: Any
) -> Any:
    """Let the model's own admin carry `agent_access` until the test is over."""
    own = type(admin_site().get_model_admin(model))
    named = {"agent_access": access, **attributes}
    return use_admin(monkeypatch, model, type(own.__name__, (own,), named))


def hide_phone(monkeypatch: pytest.MonkeyPatch, **attributes: Any) -> Customer:
    """Hide a customer's phone, which here stands in each place of the admin."""
    narrowed_admin(
        monkeypatch,
        Customer,
        AgentAccess(hidden_fields=("phone",)),
        **{
            "list_display": ("name", "phone"),
            "list_filter": ("country", "phone"),
            "search_fields": ("last_name", "=phone"),
            "ordering": ("phone", "last_name"),
            **attributes,
        },
    )
    return make_customer(phone=IBAN)


# Hidden models


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


def test_search_does_not_reach_into_a_hidden_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_order(customer=make_customer(last_name="Findme"))
    narrowed_admin(
        monkeypatch,
        Order,
        AgentAccess(),
        search_fields=("number", "customer__last_name"),
    )
    before = call(make_caller(), "search_records", model="shop.order", query="Findme")
    narrowed_admin(monkeypatch, Customer, AgentAccess(hidden=True))

    after = call(make_caller(), "search_records", model="shop.order", query="Findme")

    assert (before["total"], after["total"]) == (1, 0)


def lines_inline(access: AgentAccess) -> type[Any]:
    return type(
        "Lines",
        (admin.TabularInline,),
        {
            "model": OrderLine,
            "agent_access": access,
            "fields": ("product", "quantity", "unit_price"),
        },
    )


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


# Read-only models


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
    described = call(caller, "describe_model", model="shop.product")
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


# Hidden fields


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


@pytest.mark.parametrize(
    "question",
    [
        {"filters": {"phone": IBAN}},
        {"filters": {"phone__startswith": "A"}},
        {"filters": {"phone__in": IBAN}},
        {"ordering": ["phone"]},
        {"columns": ["phone"]},
    ],
)
def test_a_hidden_field_answers_no_question(
    monkeypatch: pytest.MonkeyPatch, question: dict[str, Any]
) -> None:
    hide_phone(monkeypatch)

    failure = failure_of(
        make_caller(), "search_records", model="shop.customer", **question
    )

    assert failure.code in {"invalid_filter", "invalid_ordering", "invalid_column"}
    assert "phone" not in failure.allowed


@pytest.mark.parametrize("query", [IBAN, "nothing like it"])
def test_a_search_for_a_hidden_value_finds_nothing(
    monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    hide_phone(monkeypatch)

    found = call(make_caller(), "search_records", model="shop.customer", query=query)

    assert found["total"] == 0


def test_a_search_through_a_relation_does_not_reach_a_hidden_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_order(customer=hide_phone(monkeypatch))
    narrowed_admin(
        monkeypatch,
        Order,
        AgentAccess(),
        search_fields=("number", "customer__phone"),
        list_filter=("status", ("customer__phone", admin.AllValuesFieldListFilter)),
        date_hierarchy="customer__joined_at",
    )
    caller = make_caller()

    found = call(caller, "search_records", model="shop.order", query=IBAN)
    told = call(caller, "describe_model", model="shop.order")

    assert found["total"] == 0
    assert "phone" not in str(told)


@pytest.mark.parametrize("ordering", ["phone", "-phone", F("phone").desc()])
def test_rows_do_not_stand_in_the_order_of_a_hidden_field(
    monkeypatch: pytest.MonkeyPatch, ordering: Any
) -> None:
    hide_phone(monkeypatch, ordering=(ordering,))
    second = make_customer(phone="A")
    third = make_customer(phone="Z")
    caller = make_caller()

    rows = call(caller, "search_records", model="shop.customer")["rows"]

    pks = [int(row["id"]) for row in rows]
    assert pks == sorted(pks, reverse=True)
    assert pks[:2] == [third.pk, second.pk]


def test_a_column_that_sorts_by_a_hidden_field_does_not_sort(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @admin.display(ordering="phone")
    def dialled(customer: Customer) -> int:
        return len(customer.phone)

    hide_phone(monkeypatch, list_display=("name", dialled))
    caller = make_caller()

    columns = call(caller, "describe_model", model="shop.customer")["columns"]
    failure = failure_of(
        caller, "search_records", model="shop.customer", ordering=["dialled"]
    )

    assert {one["name"]: one["sortable"] for one in columns} == {
        "name": True,
        "dialled": False,
    }
    assert failure.code == "invalid_ordering"


def test_a_date_hierarchy_of_a_hidden_field_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(
        monkeypatch, Customer, AgentAccess(hidden_fields=("joined_at",)), list_filter=()
    )

    failure = failure_of(
        make_caller(),
        "search_records",
        model="shop.customer",
        filters={"joined_at__year": 2026},
    )

    assert failure.code == "invalid_filter"


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
    told = call(caller, "describe_model", model="shop.order")
    call(
        caller,
        "update_record",
        model="shop.order",
        id=line.order_id,
        values={"note": "x"},
    )

    assert set(shown["inlines"]["lines"]["rows"][0]) == {"id", "product", "quantity"}
    assert told["inlines"][0]["fields"] == ["product", "quantity"]
    assert OrderLine.objects.get(pk=line.pk).unit_price == line.unit_price


# The copy


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


def test_an_agent_access_of_another_type_hides_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(monkeypatch, Customer, {"read_only": True})

    failure = failure_of(make_caller(), "describe_model", model="shop.customer")

    assert failure.code == "unknown_model"


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
