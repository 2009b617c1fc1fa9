"""An agent reads of the rows it changed what is stored now, and no secret."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib import admin

from agent_connector.tools.modeladmin.changed_rows import present_rows
from agent_connector.tools.modeladmin.edit import Edit, RowEdits
from agent_connector.tools.modeladmin.form import open_form
from agent_connector.tools.modeladmin.links import record_path
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Order, OrderLine
from tests.callers import call, make_caller, use_admin
from tests.panel.shop import make_order, make_product

pytestmark = pytest.mark.django_db


class SecretPrice(forms.ModelForm):
    class Meta:
        widgets = {"unit_price": forms.PasswordInput(render_value=True)}


class Lines(admin.TabularInline):
    model = OrderLine
    form = SecretPrice
    fields = ("product", "quantity", "unit_price")


class Orders(admin.ModelAdmin):
    fields = ("note",)
    inlines = (Lines,)


def change(caller: Any, order: Order, **lines: Any) -> Any:
    record = {"model": "shop.order", "id": order.pk}
    version = call(caller, "get_record", **record)["version"]
    answer = call(
        caller,
        "update_record",
        **record,
        inlines={"lines": lines},
        expected_version=version,
    )
    return answer["inlines"]["lines"]


def test_relations_are_told_with_their_label_and_only_what_differs() -> None:
    order, product = make_order(lines=((1, "5.00"),)), make_product("Teapot")
    line = order.lines.get()

    done = change(
        make_caller(),
        order,
        change=[{"id": line.pk, "values": {"product": product.pk, "quantity": 1}}],
    )

    after = {"id": str(product.pk), "label": str(product)}
    [row] = done["changed"]
    assert row["id"] == str(line.pk)
    assert row["changed"].keys() == {"product"}
    assert row["changed"]["product"]["after"] == after


def test_an_added_row_has_the_values_that_the_site_gave_it() -> None:
    order, product = make_order(), make_product(price="7.50")

    done = change(make_caller(), order, add=[{"product": product.pk, "quantity": 2}])

    [row] = done["added"]
    assert row["id"] == str(order.lines.get().pk)
    assert (row["quantity"], row["unit_price"]) == (2, "7.50")
    assert "order" not in row


def test_a_field_that_is_withheld_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    model_admin = use_admin(monkeypatch, Order, Orders)
    order = make_order(lines=((1, "5.00"),))
    page = AdminRequest(make_caller(), path=record_path(model_admin, order.pk))
    asked = RowEdits(stored=1, values={0: {"quantity": 4}})

    told = present_rows(
        open_form(model_admin, page, order), Edit(values={}, rows={"lines": asked})
    )

    assert told["lines", 0].keys() == {"product", "quantity"}
