"""Products: who sees drafts, what the form refuses, what the list shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone

from panel.shop.admin.product_form import ProductForm
from panel.shop.models import Product
from tests.factories import make_admin, make_user
from tests.panel.conftest import SignIn
from tests.panel.shop import make_category, make_product

pytestmark = pytest.mark.django_db

LIST = reverse("admin:shop_product_changelist")
VIEW = "shop.view_product"


def fill_form(**changes: Any) -> ProductForm:
    product = Product(
        name="Moka Pot",
        sku="BRW-0001",
        category=make_category(),
        status=Product.Status.ON_SALE,
        price=29,
    )
    values = {
        name: "" if value is None else value
        for name, value in model_to_dict(product, exclude=["id", "tags"]).items()
    }
    return ProductForm({**values, **changes})


def test_staff_without_the_permission_see_no_drafts(sign_in: SignIn) -> None:
    make_product("Secret Teapot", status=Product.Status.DRAFT)
    make_product("Open Teapot")

    page = sign_in(make_user(permissions=(VIEW,))).get(LIST)

    assert "Open Teapot" in page.text
    assert "Secret Teapot" not in page.text


def test_staff_with_the_permission_see_drafts(sign_in: SignIn) -> None:
    make_product("Secret Teapot", status=Product.Status.DRAFT)
    user = make_user(permissions=(VIEW, "shop.view_draft_product"))

    page = sign_in(user).get(LIST)

    assert "Secret Teapot" in page.text


def test_a_draft_cannot_be_opened_by_its_address(sign_in: SignIn) -> None:
    draft = make_product(status=Product.Status.DRAFT)
    url = reverse("admin:shop_product_change", args=[draft.pk])

    response = sign_in(make_user(permissions=(VIEW,))).get(url)

    assert response.status_code == 302


def test_a_draft_is_not_offered_when_somebody_picks_a_product(
    sign_in: SignIn,
) -> None:
    make_product("Secret Teapot", status=Product.Status.DRAFT)
    make_product("Open Teapot")
    field = {
        "app_label": "shop",
        "model_name": "orderline",
        "field_name": "product",
        "term": "teapot",
    }

    answer = sign_in(make_user(permissions=(VIEW,))).get(
        reverse("admin:autocomplete"), field
    )

    assert [found["text"] for found in answer.json()["results"]] == ["Open Teapot"]


def test_a_complete_product_is_accepted() -> None:
    assert fill_form().is_valid()


def test_a_product_on_sale_needs_a_price() -> None:
    assert set(fill_form(price="0").errors) == {"price"}


def test_a_draft_needs_no_price() -> None:
    assert fill_form(price="0", status=Product.Status.DRAFT).is_valid()


def test_a_discontinued_product_cannot_become_available_later() -> None:
    later = timezone.now() + timedelta(days=3)

    form = fill_form(status=Product.Status.DISCONTINUED, available_from=later)

    assert set(form.errors) == {"available_from"}


@pytest.mark.parametrize("sku", ["brw-0001", "BRW0001", "BRW-1", "BRW-00011"])
def test_a_sku_of_another_form_is_refused(sku: str) -> None:
    assert set(fill_form(sku=sku).errors) == {"sku"}


@pytest.mark.parametrize(
    ("level", "names"),
    [
        ("out", {"None"}),
        ("low", {"None", "Few"}),
        ("fine", {"Many"}),
    ],
)
def test_the_stock_filter_knows_three_levels(
    sign_in: SignIn, level: str, names: set[str]
) -> None:
    make_product("None", stock=0)
    make_product("Few", stock=5, reorder_level=5)
    make_product("Many", stock=6, reorder_level=5)

    page = sign_in(make_admin()).get(LIST, {"stock_level": level})

    assert {product.name for product in page.context["cl"].result_list} == names


def test_the_list_says_what_is_nearly_gone(sign_in: SignIn) -> None:
    make_product(stock=2)
    make_product(stock=0)

    page = sign_in(make_admin()).get(LIST)

    assert "2 left" in page.text
    assert "Sold out" in page.text
