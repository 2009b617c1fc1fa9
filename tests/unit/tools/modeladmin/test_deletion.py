"""The plan of a deletion tells everything that goes, and what may not go."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin

from agent_connector.tools.definition import ToolRefused
from agent_connector.tools.modeladmin import deletion
from agent_connector.tools.modeladmin.chosen import list_request
from agent_connector.tools.modeladmin.deletion import WITHHELD, Deletion, plan_deletion
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.values import MORE
from panel.shop.models import Category, Product, Tag
from tests.callers import call, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db


def plan(*records: Any) -> Deletion:
    model_admin = admin_site().get_model_admin(type(records[0]))
    request = list_request(make_caller(), model_admin)
    return plan_deletion(model_admin, request, records)


def test_rows_that_only_tie_records_together_go_too() -> None:
    product, tag = make_product(), Tag.objects.create(name="new")
    product.tags.add(tag)

    made = plan(product)

    assert made.counts == {"products": 1, "product-tag relationships": 1}
    assert made.missing == []


def test_a_long_tree_is_cut_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deletion, "MAX_LINES", 2)
    order = make_order(lines=((1, "1.00"),) * 3)

    made = plan(order)

    assert made.tree == [f"Order: {order}", [made.tree[1][0], MORE]]
    assert made.counts["order lines"] == 3


def test_labels_are_plain_text() -> None:
    shelf = make_category("<b>Bold</b> & co")

    assert plan(shelf).tree == ["Category: <b>Bold</b> & co"]


@pytest.mark.parametrize("change", ["a row more", "another value"])
def test_the_version_follows_the_records_and_the_number_of_what_goes(
    change: str,
) -> None:
    order = make_order()
    before = plan(order).act.version

    if change == "a row more":
        order.lines.create(product=make_product(), quantity=1, unit_price=1)
    else:
        order.note = "x"

    assert plan(order).act.version != before


def test_what_would_take_withheld_records_along_is_refused() -> None:
    user = make_user()
    user_admin = admin_site().get_model_admin(type(user))
    request = list_request(make_caller(), user_admin)

    with pytest.raises(ToolRefused) as failure:
        plan_deletion(user_admin, request, [user])

    assert failure.value.reason == "model is withheld"


def test_protecting_records_of_a_withheld_kind_are_not_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf = make_category()
    make_product(category=shelf)
    monkeypatch.setattr(
        deletion,
        "is_open_to",
        lambda _caller, model: model is not Product,
    )

    assert plan(shelf).protected == [WITHHELD]


def test_a_kind_that_the_site_names_itself_is_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Named(admin.ModelAdmin):
        def get_deleted_objects(self, objs: Any, request: Any) -> Any:
            del objs, request
            return ["All of it"], {"things": 2}, {"the vault"}, []

    use_admin(monkeypatch, Category, Named)

    made = plan(make_category())

    assert (made.tree, made.counts) == (["All of it"], {"things": 2})
    assert made.missing == ["the vault"]


@pytest.mark.parametrize("kind", ["order", "product"])
def test_who_may_not_delete_is_not_told_what_would_go_along(kind: str) -> None:
    order = make_order(lines=((2, "3.00"),))
    record = order if kind == "order" else order.lines.get().product
    caller = make_caller(make_user(permissions=(f"shop.view_{kind}",)), level="read")

    preview = call(
        caller,
        "preview_change",
        kind="delete",
        model=f"shop.{kind}",
        ids=[record.pk],
    )

    assert preview["missing_permissions"] == [f"shop.delete_{kind}"]
    assert preview.keys().isdisjoint({"deletes", "counts", "protected_by", "confirm"})
