"""The action “Restock”: a form in between, then pieces in stock and in history."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from panel.shop.models import Product
from tests.factories import make_admin, make_user
from tests.panel.conftest import SignIn
from tests.panel.shop import make_product

pytestmark = pytest.mark.django_db

LIST = reverse("admin:shop_product_changelist")


def choose(client: Client, *products: Product, **fields: Any) -> Any:
    data = {
        "action": "restock",
        "_selected_action": [product.pk for product in products],
        **fields,
    }
    return client.post(LIST, data, follow=True)


def test_the_action_first_asks_how_many_pieces(sign_in: SignIn) -> None:
    kettle, pot = make_product("Kettle", stock=1), make_product("Pot", stock=2)

    page = choose(sign_in(make_admin()), kettle, pot)

    assert "2 products get them" in page.text
    assert "Kettle" in page.text
    assert sorted(Product.objects.values_list("stock", flat=True)) == [1, 2]


def test_the_pieces_are_added_to_each_chosen_product(sign_in: SignIn) -> None:
    kettle, pot = make_product("Kettle", stock=1), make_product("Pot", stock=2)
    make_product("Other", stock=3)

    page = choose(sign_in(make_admin()), kettle, pot, apply="yes", pieces="10")

    assert "Added 10 pieces to each of 2 products." in page.text
    stock = dict(Product.objects.values_list("name", "stock"))
    assert stock == {"Kettle": 11, "Pot": 12, "Other": 3}


def test_the_history_names_the_delivery(sign_in: SignIn) -> None:
    kettle = make_product()

    choose(sign_in(make_admin()), kettle, apply="yes", pieces="5", reference="DN-77")

    entry = LogEntry.objects.get(object_id=str(kettle.pk))
    assert entry.get_change_message() == "Restocked: 5 pieces added (DN-77)."


def test_all_pages_of_the_list_can_be_restocked_at_once(sign_in: SignIn) -> None:
    products = [make_product(stock=0) for _ in range(60)]
    client = sign_in(make_admin())

    page = choose(client, products[0], select_across="1")
    choose(client, products[0], select_across="1", apply="yes", pieces="7")

    assert "60 products get them" in page.text
    assert "and 40 more" in page.text
    assert set(Product.objects.values_list("stock", flat=True)) == {7}


@pytest.mark.parametrize("pieces", ["", "0", "-4", "ten", "10001"])
def test_a_senseless_number_is_asked_for_again(sign_in: SignIn, pieces: str) -> None:
    kettle = make_product(stock=1)

    page = choose(sign_in(make_admin()), kettle, apply="yes", pieces=pieces)

    assert page.context["form"].errors.keys() == {"pieces"}
    assert "errorlist" in page.text
    kettle.refresh_from_db()
    assert kettle.stock == 1


def test_staff_who_may_only_view_cannot_restock(sign_in: SignIn) -> None:
    kettle = make_product(stock=1)
    user = make_user(permissions=("shop.view_product",))

    choose(sign_in(user), kettle, apply="yes", pieces="10")

    kettle.refresh_from_db()
    assert kettle.stock == 1


def test_a_draft_that_is_hidden_is_not_restocked(sign_in: SignIn) -> None:
    draft = make_product(stock=0, status=Product.Status.DRAFT)
    user = make_user(permissions=("shop.view_product", "shop.change_product"))

    choose(sign_in(user), draft, apply="yes", pieces="10")

    draft.refresh_from_db()
    assert draft.stock == 0
