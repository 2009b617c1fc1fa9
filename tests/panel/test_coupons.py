"""Coupons, categories and customers: their forms and lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from panel.shop.admin.coupon import CouponForm
from panel.shop.models import Coupon
from tests.factories import make_admin
from tests.panel.conftest import SignIn
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db

LIST = reverse("admin:shop_coupon_changelist")


def fill_form(**changes: Any) -> CouponForm:
    now = timezone.now()
    return CouponForm(
        {
            "code": "WINTER10",
            "percent": "10",
            "amount": "",
            "min_total": "0",
            "valid_from": now,
            "valid_until": now + timedelta(days=30),
            "active": "on",
            **changes,
        }
    )


def make_coupon(code: str, *, begin: int, end: int | None, **fields: Any) -> Coupon:
    """Return a coupon that is valid between two numbers of days from now."""
    now = timezone.now()
    return Coupon.objects.create(
        code=code,
        valid_from=now + timedelta(days=begin),
        valid_until=None if end is None else now + timedelta(days=end),
        **{"percent": 10, **fields},
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="a percentage"),
        pytest.param({"valid_until": ""}, id="without end"),
        pytest.param({"percent": "", "amount": "5", "min_total": "5"}, id="an amount"),
    ],
)
def test_a_coupon_that_makes_sense_is_accepted(changes: dict[str, str]) -> None:
    assert fill_form(**changes).is_valid()


def test_a_coupon_has_to_end_after_it_begins() -> None:
    form = fill_form(valid_until=timezone.now() - timedelta(days=1))

    assert set(form.errors) == {"valid_until"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"amount": "5", "min_total": "10"}, id="both"),
        pytest.param({"percent": ""}, id="neither"),
    ],
)
def test_a_coupon_has_one_kind_of_discount(changes: dict[str, str]) -> None:
    assert set(fill_form(**changes).errors) == {"__all__"}


def test_an_order_cannot_cost_less_than_nothing() -> None:
    form = fill_form(percent="", amount="20", min_total="10")

    assert set(form.errors) == {"amount"}


def test_a_wrong_percentage_is_told_once() -> None:
    assert set(fill_form(percent="140").errors) == {"percent"}


@pytest.mark.parametrize(
    ("validity", "code"),
    [("running", "NOW1"), ("upcoming", "SOON"), ("over", "PAST")],
)
def test_the_list_can_be_narrowed_by_validity(
    sign_in: SignIn, validity: str, code: str
) -> None:
    make_coupon("NOW1", begin=-2, end=2)
    make_coupon("SOON", begin=3, end=None, percent=None, amount=5)
    make_coupon("PAST", begin=-9, end=-5, min_total=30)

    page = sign_in(make_admin()).get(LIST, {"validity": validity})

    assert [coupon.code for coupon in page.context["cl"].result_list] == [code]


def test_the_list_says_how_each_coupon_stands(sign_in: SignIn) -> None:
    make_coupon("NOW1", begin=-2, end=2)
    make_coupon("SOON", begin=3, end=None, percent=None, amount=5)
    make_coupon("PAST", begin=-9, end=-5, min_total=30)
    make_coupon("OFF1", begin=-9, end=None, active=False)

    page = sign_in(make_admin()).get(LIST)

    for word in ("Running", "Upcoming", "Over", "Switched off", "10 %", "€30.00"):
        assert word in page.text


def test_a_category_shows_how_many_products_are_on_sale(sign_in: SignIn) -> None:
    shelf = make_category("Tea")
    make_product(category=shelf)
    make_product(category=shelf, status="paused")

    page = sign_in(make_admin()).get(reverse("admin:shop_category_changelist"))

    assert '<td class="field-products_on_sale">1</td>' in page.text


def test_a_customer_shows_orders_and_the_last_one(sign_in: SignIn) -> None:
    order = make_order()

    page = sign_in(make_admin()).get(reverse("admin:shop_customer_changelist"))

    assert str(order.customer) in page.text
    assert '<td class="field-order_count">1</td>' in page.text
