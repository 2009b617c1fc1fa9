"""A description has all that the other tools take, for this user and no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin

from panel.shop.models import Order, Product
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_order, make_product

pytestmark = pytest.mark.django_db


def test_the_list_is_described_by_columns_filters_and_search() -> None:
    answer = call(make_caller(), "describe_model", model="shop.product")

    assert {"name": "shown_price", "label": "price", "sortable": True} in (
        answer["columns"]
    )
    assert answer["search"]
    status = answer["filters"][0]
    assert status["parameters"] == ["status__exact", "status__isnull"]
    assert {"label": "Draft", "filters": {"status__exact": "draft"}} in (
        status["choices"]
    )


def test_the_form_is_described_as_json_schema() -> None:
    make_product()
    answer = call(make_caller(), "describe_model", model="shop.product")

    fields = answer["fields"]["properties"]
    assert fields["name"] == {"title": "Name", "type": "string", "maxLength": 120}
    assert fields["price"]["type"] == ["string", "number"]
    assert fields["available_from"]["format"] == "date-time"
    assert "price" in answer["required"]
    assert "available_from" not in answer["required"]
    assert {"name": "created_at", "label": "created"} in answer["read_only"]


def test_inlines_and_actions_are_named() -> None:
    answer = call(make_caller(), "describe_model", model="shop.order")

    [lines] = answer["inlines"]
    assert lines["model"] == "shop.orderline"
    assert "quantity" in lines["fields"]
    assert "mark_as_shipped" in [one["name"] for one in answer["actions"]]


def test_who_may_only_view_gets_no_fields_to_set() -> None:
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    answer = call(caller, "describe_model", model="shop.product")

    assert answer["fields"]["properties"] == {}
    assert "price" in [one["name"] for one in answer["read_only"]]
    assert answer["may"]["change"] is False


def test_the_date_navigation_is_described_as_a_filter() -> None:
    make_order()
    answer = call(make_caller(), "describe_model", model="shop.order")

    assert answer["filters"][-1]["parameters"] == [
        "placed_at__year",
        "placed_at__month",
        "placed_at__day",
    ]


def test_one_record_is_described_by_its_own_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class ByRecord(admin.ModelAdmin):
        def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
            del request
            return ("note",) if obj else ()

    use_admin(monkeypatch, Order, ByRecord)
    caller, order = make_caller(), make_order()

    general = call(caller, "describe_model", model="shop.order")
    single = call(caller, "describe_model", model="shop.order", id=order.pk)

    assert "note" in general["fields"]["properties"]
    assert "note" not in single["fields"]["properties"]
    assert "note" in [one["name"] for one in single["read_only"]]


def test_secret_and_excluded_fields_are_not_described(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Careful(admin.ModelAdmin):
        exclude = ("stock",)
        readonly_fields = ("door_password",)

        def door_password(self, product: Product) -> str:
            return f"secret of {product}"

    use_admin(monkeypatch, Product, Careful)

    answer = str(call(make_caller(), "describe_model", model="shop.product"))

    assert "'stock'" not in answer
    assert "door_password" not in answer


def test_a_list_without_search_has_no_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    use_admin(monkeypatch, Product, admin.ModelAdmin)

    answer = call(make_caller(), "describe_model", model="shop.product")

    assert "search" not in answer


def test_a_record_that_is_not_there_is_an_error() -> None:
    failure = failure_of(make_caller(), "describe_model", model="shop.order", id=404)

    assert failure.code == "not_found"
