"""Orders: shipping them, their dates, their lines and their total."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from panel.shop.admin.order_form import OrderForm, OrderLineForm
from panel.shop.models import Order
from tests.factories import make_admin, make_user
from tests.panel.conftest import SignIn
from tests.panel.shop import make_order, make_product

pytestmark = pytest.mark.django_db

LIST = reverse("admin:shop_order_changelist")
FIELDS = ["customer", "status", "placed_at", "shipped_at", "note"]


def ship(client: Client, *orders: Order) -> Any:
    data = {
        "action": "mark_as_shipped",
        "_selected_action": [order.pk for order in orders],
    }
    return client.post(LIST, data, follow=True)


def fill_form(order: Order, **changes: Any) -> OrderForm:
    values = model_to_dict(order, fields=FIELDS)
    filled = {name: "" if value is None else value for name, value in values.items()}
    return OrderForm({**filled, **changes}, instance=order)


def test_paid_orders_are_shipped_and_others_left_as_they_are(sign_in: SignIn) -> None:
    paid, second = make_order(), make_order()
    cancelled = make_order(status=Order.Status.CANCELLED)

    page = ship(sign_in(make_admin()), paid, second, cancelled)

    assert "2 orders marked as shipped." in page.text
    assert "1 order was left as it is: only a paid order can be shipped." in page.text
    paid.refresh_from_db()
    cancelled.refresh_from_db()
    assert paid.status == Order.Status.SHIPPED
    assert paid.shipped_at is not None
    assert (cancelled.status, cancelled.shipped_at) == ("cancelled", None)


def test_shipping_stands_in_the_history(sign_in: SignIn) -> None:
    order = make_order()
    user = make_user(permissions=("shop.view_order", "shop.change_order"))

    ship(sign_in(user), order)

    entry = LogEntry.objects.get(object_id=str(order.pk))
    assert (entry.user_id, entry.change_message) == (user.pk, "Marked as shipped.")


def test_staff_who_may_only_view_cannot_ship(sign_in: SignIn) -> None:
    order = make_order()
    client = sign_in(make_user(permissions=("shop.view_order",)))

    page = ship(client, order)

    assert "mark_as_shipped" not in page.text
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_an_order_stays_as_it_is_when_nothing_changes() -> None:
    assert fill_form(make_order()).is_valid()


def test_a_shipped_order_needs_the_time_of_shipping() -> None:
    form = fill_form(make_order(), status=Order.Status.SHIPPED)

    assert set(form.errors) == {"shipped_at"}


def test_an_order_that_is_not_sent_has_no_time_of_shipping() -> None:
    form = fill_form(make_order(), shipped_at=timezone.now())

    assert set(form.errors) == {"shipped_at"}


def test_an_order_is_not_shipped_before_it_was_placed() -> None:
    order = make_order(status=Order.Status.SHIPPED)

    form = fill_form(order, placed_at=timezone.now())

    assert form.errors["__all__"] == [
        "An order cannot be shipped before it was placed."
    ]


def test_a_line_without_a_price_takes_that_of_the_product() -> None:
    product = make_product(price=Decimal("12.50"))

    form = OrderLineForm({"product": product.pk, "quantity": 2, "unit_price": ""})

    assert form.is_valid()
    assert form.cleaned_data["unit_price"] == Decimal("12.50")


def test_a_line_without_a_product_is_refused() -> None:
    form = OrderLineForm({"product": "", "quantity": 2, "unit_price": ""})

    assert set(form.errors) == {"product"}


def test_the_total_is_the_sum_of_the_lines(sign_in: SignIn) -> None:
    order = make_order(lines=((2, "600.25"), (1, "34.00")))
    client = sign_in(make_admin())

    listed = client.get(LIST)
    opened = client.get(reverse("admin:shop_order_change", args=[order.pk]))

    assert "€1,234.50" in listed.text
    assert "€1,234.50" in opened.text
    assert "€1,200.50" in opened.text


def test_a_new_order_gets_a_number_of_its_own(sign_in: SignIn) -> None:
    customer = make_order().customer
    data = {
        "customer": customer.pk,
        "status": "new",
        "placed_at_0": "2026-03-02",
        "placed_at_1": "12:00:00",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product": make_product(price=Decimal("9.90")).pk,
        "lines-0-quantity": "3",
        "lines-0-unit_price": "",
    }

    page = sign_in(make_admin()).post(
        reverse("admin:shop_order_add"), data, follow=True
    )

    order = Order.objects.with_total().latest("pk")
    assert order.number in page.text
    assert order.number.startswith("HP-")
    assert Order.objects.with_total().get(pk=order.pk).total_amount == Decimal("29.70")  # type: ignore[attr-defined]  # annotated


def test_the_add_page_promises_no_number(sign_in: SignIn) -> None:
    page = sign_in(make_admin()).get(reverse("admin:shop_order_add"))

    assert page.status_code == 200
    assert "HP-" not in page.text
