"""What is previewed is what update_record then does, to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.preview_update import preview_update
from panel.shop.models import Product, Tag
from tests.callers import call, make_caller
from tests.panel.shop import make_category, make_product

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
    shown = preview_update(caller, model_admin, product, values).changes
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
        preview_update(make_caller(), model_admin, make_product(), values)

    assert failure.value.fields.keys() == values.keys()


def test_an_empty_number_is_told_as_empty() -> None:
    model_admin = admin_site().get_model_admin(Product)
    product = make_product(available_from="2026-05-01T10:30:00Z")
    product.refresh_from_db()

    changes = preview_update(
        make_caller(), model_admin, product, {"available_from": None}
    ).changes

    assert changes["available_from"].after is None
