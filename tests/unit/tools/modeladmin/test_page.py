"""A page is opened as Django opens it to show it, for this user."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.page import open_page
from panel.shop.models import Order, OrderLine
from tests.callers import make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_order

pytestmark = pytest.mark.django_db


def test_the_add_page_starts_from_the_sites_own_initial_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Prefilled(admin.ModelAdmin):
        def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
            del request
            return {"note": "as always"}

    model_admin = use_admin(monkeypatch, Order, Prefilled)

    page = open_page(make_caller(), model_admin, pk="", adding=True)

    assert page.form["note"].initial == "as always"
    assert page.record is None


def test_the_page_of_a_record_is_bound_to_it() -> None:
    order = make_order(lines=((1, "5.00"),))
    model_admin = admin_site().get_model_admin(Order)

    page = open_page(make_caller(), model_admin, pk=str(order.pk), adding=False)

    assert page.record == order == page.form.instance
    assert page.request.path.endswith(f"/order/{order.pk}/change/")
    assert list(page.inlines) == ["lines"]
    with pytest.raises(ToolFailed):
        open_page(make_caller(), model_admin, pk="404", adding=False)


def test_rows_may_be_set_by_who_may_add_or_change_them() -> None:
    model_admin: Any = admin_site().get_model_admin(Order)
    inline = model_admin.inlines[0](Order, admin_site())
    rights = {
        right: open_page(
            make_caller(make_user(permissions=("shop.change_order", right))),
            model_admin,
            pk="",
            adding=False,
        ).may_set_rows(inline)
        for right in ("shop.view_orderline", "shop.add_orderline")
    }

    assert inline.model is OrderLine
    assert rights == {"shop.view_orderline": False, "shop.add_orderline": True}
