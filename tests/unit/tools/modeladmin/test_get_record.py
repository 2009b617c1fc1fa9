"""A record is shown as its page shows it, and not a field more."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib import admin

from agent_connector.tools.modeladmin import get_record as module
from panel.shop.models import Order, OrderLine, Product
from tests.callers import call, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_order, make_product

pytestmark = pytest.mark.django_db


def shown(caller: Any, model: str, pk: Any, **more: Any) -> dict[str, Any]:
    return call(caller, "get_record", model=model, id=pk, **more)


def test_fields_calculated_values_and_link_are_shown() -> None:
    order = make_order(lines=((2, "5.00"),))

    answer = shown(make_caller(), "shop.order", order.pk)

    assert answer["id"] == str(order.pk)
    assert answer["url"].endswith(f"/admin/shop/order/{order.pk}/change/")
    assert answer["values"]["status"] == {"value": "paid", "label": "Paid"}
    assert answer["values"]["total"] == "€10.00"
    assert answer["values"]["customer"]["id"] == str(order.customer_id)
    assert answer["values"]["shipped_at"] is None
    assert {"number", "total"} <= set(answer["read_only"])


def test_rows_of_inlines_are_shown_with_their_own_methods() -> None:
    order = make_order(lines=((2, "5.00"), (1, "3.00")))

    lines = shown(make_caller(), "shop.order", order.pk)["inlines"]["lines"]

    assert lines["total"] == 2
    assert lines["rows"][0]["quantity"] == 2
    assert lines["rows"][0]["line_total"] == "€10.00"
    assert lines["rows"][0]["unit_price"] == "5.00"


def test_inlines_can_be_left_out() -> None:
    order = make_order(lines=((2, "5.00"),))

    assert "inlines" not in shown(make_caller(), "shop.order", order.pk, include=[])


def test_many_rows_are_cut_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_INLINE_ROWS", 1)
    order = make_order(lines=((2, "5.00"), (1, "3.00")))

    lines = shown(make_caller(), "shop.order", order.pk)["inlines"]["lines"]

    assert (len(lines["rows"]), lines["total"], lines["more"]) == (1, 2, True)


def test_long_rows_are_cut_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_INLINE_BYTES", 300)
    order = make_order(lines=((2, "5.00"),) * 9)

    lines = shown(make_caller(), "shop.order", order.pk)["inlines"]["lines"]

    assert (len(lines["rows"]), lines["total"], lines["more"]) == (2, 9, True)


def test_the_last_changes_are_shown_where_they_are_asked_for() -> None:
    caller, order = make_caller(), make_order()
    for number in range(7):
        note = {"note": f"note {number}"}
        call(caller, "update_record", model="shop.order", id=order.pk, values=note)

    answer = shown(caller, "shop.order", order.pk, include=["history"])

    assert len(answer["history"]) == 5
    assert answer["history"][0]["via"] == caller.client_name
    assert "inlines" not in answer
    assert "history" not in shown(caller, "shop.order", order.pk)


def test_inlines_that_the_user_may_not_view_are_not_shown() -> None:
    order = make_order(lines=((2, "5.00"),))
    caller = make_caller(make_user(permissions=("shop.view_order",)))

    assert "inlines" not in shown(caller, "shop.order", order.pk)


def test_who_may_only_view_sees_the_same_values() -> None:
    product = make_product()
    viewer = make_caller(make_user(permissions=("shop.view_product",)))

    seen = shown(viewer, "shop.product", product.pk)

    assert seen["values"] == shown(make_caller(), "shop.product", product.pk)["values"]
    assert set(seen["read_only"]) == set(seen["values"])


def test_excluded_secret_and_password_fields_are_never_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Form(forms.ModelForm):
        class Meta:
            model = Product
            fields = ("name", "sku", "description", "stock")
            widgets = {"description": forms.PasswordInput}

    class Line(admin.TabularInline):
        model = OrderLine
        fields = ("quantity", "api_token")
        readonly_fields = ("api_token",)

        def api_token(self, line: OrderLine) -> str:
            return f"canary of {line}"

    class Careful(admin.ModelAdmin):
        form = Form
        inlines = (Line,)
        exclude = ("stock",)
        readonly_fields = ("door_password",)

        def door_password(self, product: Product) -> str:
            return f"canary of {product}"

    use_admin(monkeypatch, Product, Careful)
    line = make_order(lines=((2, "5.00"),)).lines.get()
    Product.objects.filter(pk=line.product_id).update(description="canary", stock=4711)

    answer = shown(make_caller(), "shop.product", line.product_id)

    assert set(answer["values"]) == {"name", "sku"}
    assert answer["inlines"]["order_lines"]["rows"] == [
        {"id": str(line.pk), "quantity": 2}
    ]
    assert "canary" not in str(answer)
    assert "4711" not in str(answer)


def test_an_excluded_field_is_not_shown_to_who_may_only_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To them all fields are read-only, and the page takes these from the layout."""

    class Careful(admin.ModelAdmin):
        fields = ("name", "stock")
        exclude = ("stock",)

    use_admin(monkeypatch, Product, Careful)
    product = make_product(stock=4711)
    viewer = make_caller(make_user(permissions=("shop.view_product",)))

    assert set(shown(viewer, "shop.product", product.pk)["values"]) == {"name"}


def test_a_field_of_the_form_alone_shows_its_initial_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Form(forms.ModelForm):
        greeting = forms.CharField(initial="Hello", required=False)

        class Meta:
            model = Order
            fields = ("note",)

    class Extra(admin.ModelAdmin):
        form = Form

    use_admin(monkeypatch, Order, Extra)

    answer = shown(make_caller(), "shop.order", make_order().pk)

    assert answer["values"] == {"note": "", "greeting": "Hello"}


def test_a_long_text_is_clipped_with_a_note() -> None:
    product = make_product(description="x" * 9000)

    text = shown(make_caller(), "shop.product", product.pk)["values"]["description"]

    assert text.endswith("… [clipped: 9000 characters in all]")
