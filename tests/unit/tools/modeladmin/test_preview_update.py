"""What is previewed is what update_record then does, to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.preview_update import preview_update
from panel.shop.models import Product, Tag
from tests.callers import call, failure_of, make_caller
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db


def test_the_change_that_was_shown_is_the_change_that_is_made() -> None:
    product, tag, shelf = make_product(), Tag.objects.create(name="a"), make_category()
    caller = make_caller()
    values: dict[str, Any] = {
        "price": 7.5,
        "status": "paused",
        "category": shelf.pk,
        "tags": [tag.pk],
        "stock": "3",
        "description": "new",
        "available_from": "2027-01-02T03:04:05+02:00",
    }

    model_admin = admin_site().get_model_admin(Product)
    shown = preview_update(
        caller, model_admin, product, values=values, inlines={}
    ).changes
    made = call(
        caller,
        "update_record",
        model="shop.product",
        id=product.pk,
        values=values,
    )["changed"]

    assert {
        name: {"before": one.before, "after": one.after} for name, one in shown.items()
    } == made


@pytest.mark.parametrize(
    "values", [{"prise": 1}, {"created_at": "2026-01-01"}], ids=str
)
def test_a_field_that_may_not_be_set_is_refused(values: dict[str, Any]) -> None:
    model_admin = admin_site().get_model_admin(Product)

    with pytest.raises(ToolFailed) as failure:
        preview_update(
            make_caller(), model_admin, make_product(), values=values, inlines={}
        )

    assert failure.value.fields.keys() == values.keys()


def test_an_empty_number_is_told_as_empty() -> None:
    model_admin = admin_site().get_model_admin(Product)
    product = make_product(available_from="2026-05-01T10:30:00Z")
    product.refresh_from_db()

    changes = preview_update(
        make_caller(),
        model_admin,
        product,
        values={"available_from": None},
        inlines={},
    ).changes

    assert changes["available_from"].after is None


def test_the_rows_that_were_shown_are_the_rows_that_are_changed() -> None:
    order = make_order(lines=((2, "7.50"), (1, "3.00")))
    first, second = order.lines.order_by("pk")
    product, caller = make_product(), make_caller()
    named: dict[str, Any] = {"model": "shop.order", "id": order.pk}
    change = {
        "values": {"note": "Ring the bell"},
        "inlines": {
            "lines": {
                "add": [{"product": product.pk, "quantity": 2, "unit_price": "5"}],
                "change": [{"id": first.pk, "values": {"quantity": 3}}],
                "delete": [second.pk],
            }
        },
    }

    shown = call(
        caller,
        "preview_change",
        kind="update",
        model="shop.order",
        ids=[order.pk],
        **change,
    )
    untouched = order.lines.count(), order.lines.get(pk=first.pk).quantity
    version = call(caller, "get_record", **named)["version"]
    made = call(caller, "update_record", **named, **change, expected_version=version)

    assert untouched == (2, 2)
    assert made["inlines"]["lines"]["added"][0].pop("id")
    assert shown["inlines"] == made["inlines"]
    assert shown["changes"] == made["changed"]


def test_errors_of_rows_are_told_by_row() -> None:
    order = make_order(lines=((2, "7.50"),))
    line = order.lines.get()

    shown = call(
        make_caller(),
        "preview_change",
        kind="update",
        model="shop.order",
        ids=[order.pk],
        inlines={"lines": {"change": [{"id": line.pk, "values": {"quantity": -1}}]}},
    )

    assert list(shown["errors"]) == [f"lines[{line.pk}].quantity"]
    assert "inlines" not in shown


def test_rows_that_may_not_be_changed_are_not_previewed() -> None:
    order = make_order(lines=((2, "7.50"),))
    rights = ("shop.view_order", "shop.change_order", "shop.view_orderline")

    failure = failure_of(
        make_caller(make_user(permissions=rights)),
        "preview_change",
        kind="update",
        model="shop.order",
        ids=[order.pk],
        inlines={"lines": {"delete": [order.lines.get().pk]}},
    )

    assert failure.code == "permission_missing"


def test_rows_mean_nothing_to_a_deletion() -> None:
    failure = failure_of(
        make_caller(),
        "preview_change",
        kind="delete",
        model="shop.order",
        ids=[make_order().pk],
        inlines={"lines": {"delete": ["1"]}},
    )

    assert failure.code == "invalid_arguments"


@pytest.mark.parametrize(
    "inlines",
    [{"lines": {"remove": []}}, {"lines": []}, {"lines": {"change": [{"id": 1}]}}],
    ids=["an unknown word", "a list", "a row without values"],
)
def test_rows_are_written_as_for_update_record(inlines: Any) -> None:
    failure = failure_of(
        make_caller(),
        "preview_change",
        kind="update",
        model="shop.order",
        ids=[make_order().pk],
        inlines=inlines,
    )

    assert failure.code == "invalid_arguments"
    assert failure.allowed == ["add", "change", "delete"]
