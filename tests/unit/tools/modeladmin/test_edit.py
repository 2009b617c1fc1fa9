"""What was asked is known by the same names as its errors."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.modeladmin.edit import Edit, RowEdits, row_name, row_pk
from agent_connector.tools.modeladmin.form import OpenForm, open_form
from agent_connector.tools.modeladmin.links import admin_site, record_path
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Order
from tests.callers import make_caller
from tests.panel.shop import make_order


def open_order() -> OpenForm:
    order = make_order(lines=((1, "5.00"), (2, "6.00")))
    model_admin = admin_site().get_model_admin(Order)
    page = AdminRequest(make_caller(), path=record_path(model_admin, order.pk))
    return open_form(model_admin, page, order)


@pytest.mark.django_db
def test_fields_are_named_plainly_and_those_of_rows_by_id_or_number() -> None:
    opened = open_order()
    [lines] = opened.formsets
    first, _second = lines.get_queryset()
    rows = RowEdits(stored=2, values={0: {"quantity": 3}, 2: {"product": "7"}})

    edit = Edit(values={"note": "x"}, rows={"lines": rows})

    assert edit.names_in(opened) == {
        "note",
        f"lines[{first.pk}].quantity",
        "lines.add[0].product",
    }


@pytest.mark.django_db
def test_a_deleted_row_keeps_its_name() -> None:
    opened = open_order()
    formset: Any = opened.formsets[0]
    row = formset.initial_forms[0]
    pk = row.instance.pk

    row.instance.delete()

    assert row_pk(row) == pk
    assert row_name(formset, 0) == f"lines[{pk}]"


def test_deleting_a_row_ticks_its_box() -> None:
    rows = RowEdits(stored=2, values={2: {"name": "x"}}, deleted=frozenset({1}))

    assert rows.replaced == {1: {"DELETE": True}, 2: {"name": "x"}}
    assert rows.added == 1
    assert rows.whole == {1, 2}
