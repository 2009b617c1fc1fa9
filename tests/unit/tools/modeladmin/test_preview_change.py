"""A preview says what would happen and what stands in the way, and does nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panel.shop.models import Order, Product, Tag
from tests.callers import call, failure_of, make_caller
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db


def preview(kind: str, model: str = "shop.order", **more: Any) -> dict[str, Any]:
    return call(make_caller(), "preview_change", kind=kind, model=model, **more)


def test_a_deletion_is_shown_with_its_cascade() -> None:
    order, other = make_order(lines=((2, "5.00"),)), make_order()

    answer = preview("delete", ids=[order.pk, str(other.pk), other.pk])

    assert answer["total"] == 2
    assert [one["label"] for one in answer["records"]] == [str(order), str(other)]
    assert answer["deletes"] == [
        f"Order: {order}",
        [f"Order line: {order.lines.get()}"],
        f"Order: {other}",
    ]
    assert answer["counts"] == {"orders": 2, "order lines": 1}
    assert Order.objects.count() == 2


def test_an_action_is_shown_and_not_run() -> None:
    order = make_order()

    answer = preview("action", action="mark_as_shipped", all_matching={})

    assert answer["action"] == "Mark as shipped"
    assert [one["id"] for one in answer["records"]] == [str(order.pk)]
    assert answer["confirm"].startswith("acy_")
    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert not LogEntry.objects.exists()


def test_a_change_is_shown_as_the_form_would_apply_it() -> None:
    product = make_product()
    tag = Tag.objects.create(name="new")
    values = {"price": "5", "status": "paused", "tags": [tag.pk], "stock": 20}

    answer = preview("update", "shop.product", ids=[product.pk], values=values)

    shown = {
        name: (one["before"], one["after"]) for name, one in answer["changes"].items()
    }
    assert shown["price"] == ("42.00", "5.00")
    assert shown["status"][1] == {"value": "paused", "label": "Paused"}
    assert shown["tags"] == ([], [{"id": str(tag.pk), "label": "new"}])
    assert "stock" not in shown
    stored = Product.objects.get()
    assert (stored.price, stored.tags.count()) == (Decimal("42.00"), 0)


def test_a_change_that_the_form_refuses_is_told_by_field() -> None:
    product = make_product()

    answer = preview("update", "shop.product", ids=[product.pk], values={"price": "-1"})

    assert answer["errors"].keys() == {"price"}
    assert "changes" not in answer


def test_a_row_that_breaks_a_rule_of_today_is_named() -> None:
    order = make_order(lines=((1, "5.00"),))
    order.lines.update(quantity=0)

    answer = preview("update", ids=[order.pk], values={"note": "x"})

    assert answer["errors"].keys() == {f"lines[{order.lines.get().pk}].quantity"}


def test_a_change_without_the_permission_names_it() -> None:
    product = make_product()
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    answer = call(
        caller,
        "preview_change",
        kind="update",
        model="shop.product",
        ids=[product.pk],
        values={"price": "1"},
    )

    assert answer["missing_permissions"] == ["shop.change_product"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"kind": "delete", "ids": []}, "invalid_arguments"),
        ({"kind": "delete", "ids": [1], "action": "x"}, "invalid_arguments"),
        ({"kind": "delete", "all_matching": {}}, "invalid_arguments"),
        ({"kind": "delete", "ids": [404]}, "not_found"),
        ({"kind": "delete", "ids": ["x"]}, "not_found"),
        ({"kind": "delete", "ids": [""]}, "invalid_arguments"),
        ({"kind": "delete", "ids": list(range(101))}, "invalid_arguments"),
        ({"kind": "erase", "ids": [1]}, "invalid_arguments"),
        ({"kind": "action", "ids": [1]}, "unknown_action"),
        ({"kind": "action", "action": "mark_as_shiped", "ids": [1]}, "unknown_action"),
        ({"kind": "action", "action": "delete_selected", "ids": [1]}, "unknown_action"),
        ({"kind": "action", "action": "mark_as_shipped"}, "invalid_arguments"),
        (
            {"kind": "action", "action": "mark_as_shipped", "all_matching": {}},
            "not_found",
        ),
        (
            {"kind": "action", "action": "mark_as_shipped", "all_matching": {"x": 1}},
            "invalid_arguments",
        ),
        ({"kind": "update", "ids": [404], "values": {"note": "x"}}, "not_found"),
    ],
    ids=str,
)
def test_what_cannot_be_previewed_is_told(arguments: dict[str, Any], code: str) -> None:
    caller = make_caller()

    failure = failure_of(caller, "preview_change", model="shop.order", **arguments)

    assert failure.code == code


def test_an_update_is_of_one_record() -> None:
    ids = [make_product().pk, make_product().pk]

    failure = failure_of(
        make_caller(),
        "preview_change",
        kind="update",
        model="shop.product",
        ids=ids,
        values={"price": "1"},
    )

    assert failure.code == "invalid_arguments"


@pytest.mark.parametrize("kind", ["delete", "update", "action"])
def test_nothing_but_the_record_of_the_call_is_written(kind: str) -> None:
    product, caller = make_product(), make_caller()
    of_kind: dict[str, dict[str, Any]] = {
        "delete": {},
        "update": {"values": {"price": "1"}},
        "action": {"action": "restock"},
    }

    with CaptureQueriesContext(connection) as seen:
        call(
            caller,
            "preview_change",
            kind=kind,
            model="shop.product",
            ids=[product.pk],
            **of_kind[kind],
        )

    writing = [one["sql"] for one in seen if not one["sql"].startswith(("SELECT",))]
    assert [one for one in writing if "shop_" in one or "django_admin" in one] == []


def test_two_spellings_of_one_id_are_one_record() -> None:
    pk = make_category().pk

    preview = call(
        make_caller(),
        "preview_change",
        kind="delete",
        model="shop.category",
        ids=[pk, f"0{pk}"],
    )

    assert preview["total"] == 1
