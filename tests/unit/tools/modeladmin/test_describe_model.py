"""A description has all that the other tools take, for this user and no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.contrib import admin

from agent_connector.tools.modeladmin import describe_model as module
from agent_connector.tools.modeladmin.describe_model import MAY_ASK
from panel.shop.models import Order, OrderLine, Product
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
    answer = call(
        make_caller(), "describe_model", model="shop.product", purpose="change"
    )

    fields = answer["fields"]["properties"]
    assert fields["name"] == {"title": "Name", "type": "string", "maxLength": 120}
    assert fields["price"]["type"] == ["string", "number"]
    assert fields["available_from"]["format"] == "date-time"
    assert "price" in answer["required"]
    assert "available_from" not in answer["required"]
    assert {"name": "created_at", "label": "created"} in answer["read_only"]


def test_inlines_are_described_by_their_own_fields_and_rights() -> None:
    answer = call(make_caller(), "describe_model", model="shop.order", purpose="add")

    lines = answer["inlines"]["lines"]
    assert lines["model"] == "shop.orderline"
    assert lines["may"] == {"add": True, "change": True, "delete": True}
    assert set(lines["fields"]["properties"]) == {"product", "quantity", "unit_price"}
    assert lines["fields"]["properties"]["quantity"]["default"] == 1
    assert lines["required"] == ["product", "quantity"]
    assert lines["read_only"] == ["line_total"]


def test_rows_that_the_user_may_only_view_have_no_fields_to_set() -> None:
    rights = ("shop.view_order", "shop.change_order", "shop.view_orderline")
    caller = make_caller(make_user(permissions=rights))

    lines = call(caller, "describe_model", model="shop.order", id=make_order().pk)[
        "inlines"
    ]["lines"]

    assert lines["fields"]["properties"] == {}
    assert "quantity" in lines["read_only"]
    assert lines["may"] == {"add": False, "change": False, "delete": False}


def test_the_smallest_and_largest_number_of_rows_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Line(admin.TabularInline):
        model = OrderLine
        min_num, max_num = 1, 3

    class Lines(admin.ModelAdmin):
        inlines = (Line,)

    use_admin(monkeypatch, Order, Lines)

    lines = call(make_caller(), "describe_model", model="shop.order", purpose="add")[
        "inlines"
    ]["lines"]

    assert (lines["min"], lines["max"]) == (1, 3)


def test_actions_are_named_without_the_one_that_has_a_tool_of_its_own() -> None:
    viewer = make_caller(make_user(permissions=("shop.view_order",)))

    actions = call(make_caller(), "describe_model", model="shop.order")["actions"]

    assert actions == [{"name": "mark_as_shipped", "label": "Mark as shipped"}]
    assert "actions" not in call(viewer, "describe_model", model="shop.order")


def test_an_action_is_described_by_the_form_that_it_declares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Form(forms.Form):
        reason = forms.CharField(max_length=9)

    @admin.action(description="Hold %(verbose_name_plural)s")
    def hold(*_args: Any) -> None:
        """Do nothing."""

    @admin.action(description="Free")
    def free(*_args: Any) -> None:
        """Do nothing."""

    hold.agent_form = Form  # type: ignore[attr-defined]

    class Acting(admin.ModelAdmin):
        actions = (hold, free)

    use_admin(monkeypatch, Order, Acting)
    ask: dict[str, Any] = {"model": "shop.order", "purpose": "action"}

    known = call(make_caller(), "describe_model", action="hold", **ask)["action"]
    unknown = call(make_caller(), "describe_model", action="free", **ask)["action"]

    assert known["label"] == "Hold orders"
    assert known["form"]["properties"]["reason"]["maxLength"] == 9
    assert known["form"]["required"] == ["reason"]
    assert unknown == {"name": "free", "label": "Free", "note": MAY_ASK}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"purpose": "action"}, "unknown_action"),
        ({"purpose": "action", "action": "delete_selected"}, "unknown_action"),
        ({"purpose": "add", "id": 1}, "invalid_arguments"),
        ({"purpose": "read", "action": "mark_as_shipped"}, "invalid_arguments"),
        ({"purpose": "change", "action": "mark_as_shipped"}, "invalid_arguments"),
        ({"purpose": "everything"}, "invalid_arguments"),
    ],
    ids=str,
)
def test_what_cannot_be_described_is_refused(
    arguments: dict[str, Any], code: str
) -> None:
    failure = failure_of(
        make_caller(), "describe_model", model="shop.order", **arguments
    )

    assert failure.code == code


def test_who_may_only_view_gets_no_fields_to_set() -> None:
    caller = make_caller(make_user(permissions=("shop.view_product",)))
    ask: dict[str, Any] = {"model": "shop.product"}

    answer = call(caller, "describe_model", purpose="change", **ask)
    failure = failure_of(caller, "describe_model", purpose="add", **ask)

    assert answer["fields"]["properties"] == {}
    assert "price" in [one["name"] for one in answer["read_only"]]
    assert answer["may"]["change"] is False
    assert failure.code == "permission_missing"
    assert "shop.add_product" in failure.message


def test_defaults_of_a_new_record_are_told() -> None:
    answer = call(make_caller(), "describe_model", model="shop.product", purpose="add")

    assert answer["fields"]["properties"]["status"]["default"] == "draft"
    assert "default" not in answer["fields"]["properties"]["name"]


def test_a_description_stays_concise() -> None:
    for _number in range(60):
        make_order(lines=((1, "5.00"),))
    ask: dict[str, Any] = {"model": "shop.order"}

    sizes = {
        purpose: len(
            json.dumps(call(make_caller(), "describe_model", purpose=purpose, **ask))
        )
        for purpose in ("read", "add", "change")
    }

    assert all(size < 4_000 for size in sizes.values()), sizes


def test_too_long_a_description_leaves_choices_out_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 500)

    form = call(make_caller(), "describe_model", model="shop.product", purpose="add")
    shown = call(make_caller(), "describe_model", model="shop.product")

    status = form["fields"]["properties"]["status"]
    assert "oneOf" not in status
    assert status["x-more"] == "lookup_choices"
    assert form["truncated"]
    assert all("choices" not in one for one in shown["filters"])


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

    general = call(caller, "describe_model", model="shop.order", purpose="change")
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

    answer = "".join(
        str(
            call(make_caller(), "describe_model", model="shop.product", purpose=purpose)
        )
        for purpose in ("read", "add", "change")
    )

    assert "'stock'" not in answer
    assert "door_password" not in answer


def test_a_list_without_search_has_no_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    use_admin(monkeypatch, Product, admin.ModelAdmin)

    answer = call(make_caller(), "describe_model", model="shop.product")

    assert "search" not in answer


def test_a_record_that_is_not_there_is_an_error() -> None:
    failure = failure_of(make_caller(), "describe_model", model="shop.order", id=404)

    assert failure.code == "not_found"
