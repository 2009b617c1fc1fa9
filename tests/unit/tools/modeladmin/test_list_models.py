"""The models of the admin's index, for this user."""

from __future__ import annotations

import pytest

from agent_connector.tools.modeladmin import list_models
from panel.shop.models import Product
from tests.callers import call, make_caller
from tests.factories import make_user
from tests.panel.shop import make_category, make_product

pytestmark = pytest.mark.django_db


def test_a_superuser_sees_the_shop_and_nothing_that_is_withheld() -> None:
    models = [one["model"] for one in call(make_caller(), "list_models")["models"]]

    assert {"shop.product", "shop.order", "shop.customer"} <= set(models)
    assert [name for name in models if not name.startswith("shop.")] == []
    assert models == sorted(models)


def test_a_user_sees_what_permissions_allow_and_what_may_be_done() -> None:
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    [model] = call(caller, "list_models")["models"]

    assert model["model"] == "shop.product"
    assert model["may"] == {"add": False, "change": False, "delete": False}
    assert model["url"] == "http://127.0.0.1:8000/admin/shop/product/"


def test_a_user_without_permissions_sees_no_model() -> None:
    assert call(make_caller(make_user()), "list_models")["models"] == []


def test_records_are_counted_as_the_user_sees_them() -> None:
    make_product()
    make_product(status=Product.Status.DRAFT)
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    [model] = call(caller, "list_models")["models"]

    assert model["records"] == "1"


def test_counting_stops_at_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_models, "COUNTED_RECORDS", 2)
    for _number in range(3):
        make_category()

    [model] = call(make_caller(), "list_models", query="categ")["models"]

    assert model["records"] == "2+"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"query": "PRODUCTS"}, ["shop.product"]),
        ({"query": "shop.ord"}, ["shop.order"]),
        ({"app": "auth"}, []),
        ({"query": "nothing"}, []),
    ],
    ids=str,
)
def test_the_list_can_be_narrowed(arguments: dict[str, str], found: list[str]) -> None:
    models = call(make_caller(), "list_models", **arguments)["models"]

    assert [one["model"] for one in models] == found
