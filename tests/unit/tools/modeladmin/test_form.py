"""The form that agents use is the one of the change page."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from django.contrib import admin

from agent_connector.tools.modeladmin.form import (
    open_form,
    read_only_names,
    shown_names,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Order, Product
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_order, make_product


def test_the_undocumented_part_of_django_is_as_we_know_it() -> None:
    """`open_form` follows `_changeform_view`; a new Django may change its steps."""
    undocumented: Any = admin.ModelAdmin
    create = inspect.signature(undocumented._create_formsets)  # noqa: SLF001
    source = inspect.getsource(undocumented._changeform_view)  # noqa: SLF001
    steps = [
        "self.get_form(",
        "self._create_formsets(",
        "form.is_valid()",
        "self.save_form(",
        "all_valid(formsets)",
        "self.save_model(",
        "self.save_related(",
        "self.construct_change_message(",
        "self.log_change(",
    ]

    assert list(create.parameters) == ["self", "request", "obj", "change"]
    places = [source.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.django_db
def test_the_form_shows_the_record_with_its_rows() -> None:
    order = make_order(lines=((2, "5.00"),))
    request = AdminRequest(make_caller(), path=f"/admin/shop/order/{order.pk}/change/")

    opened = open_form(admin_site().get_model_admin(Order), request, order)

    assert opened.form["status"].initial == "paid"
    assert [len(formset.initial_forms) for formset in opened.formsets] == [1]
    assert not opened.form.is_bound


@pytest.mark.django_db
def test_who_may_only_view_has_a_form_without_fields() -> None:
    product = make_product()
    caller = make_caller(make_user(permissions=("shop.view_product",)))
    request = AdminRequest(caller, path=f"/admin/shop/product/{product.pk}/change/")
    model_admin = admin_site().get_model_admin(Product)

    opened = open_form(model_admin, request, product)

    assert opened.form.fields == {}
    assert "price" in read_only_names(model_admin, request, product)
    assert "price" in shown_names(model_admin, request, opened)


@pytest.mark.django_db
@pytest.mark.parametrize("permission", ["shop.view_product", "shop.change_product"])
def test_what_the_admin_excludes_is_not_shown_even_where_it_is_listed(
    monkeypatch: pytest.MonkeyPatch, permission: str
) -> None:
    class Excluding(admin.ModelAdmin):
        fields = ("name", "stock", "api_token")
        exclude = ("stock",)
        readonly_fields = ("api_token",)

        def api_token(self, product: Product) -> str:
            return f"secret of {product}"

    model_admin = use_admin(monkeypatch, Product, Excluding)
    product = make_product()
    caller = make_caller(make_user(permissions=(permission,)))
    request = AdminRequest(caller, path=f"/admin/shop/product/{product.pk}/change/")

    opened = open_form(model_admin, request, product)

    assert shown_names(model_admin, request, opened) == ["name"]


@pytest.mark.django_db
@pytest.mark.parametrize("tool", ["create_record", "update_record", "preview_change"])
def test_what_the_admin_excludes_is_neither_described_nor_set(
    monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    class Excluding(admin.ModelAdmin):
        exclude = ("stock",)

    use_admin(monkeypatch, Product, Excluding)
    product, caller = make_product(stock=20), make_caller()
    record: dict[str, Any] = {"model": "shop.product", "id": product.pk}
    by_tool: dict[str, dict[str, Any]] = {
        "create_record": {},
        "update_record": {"id": product.pk},
        "preview_change": {"kind": "update", "ids": [product.pk]},
    }

    described = [
        call(caller, "describe_model", model="shop.product", purpose=purpose)
        for purpose in ("add", "change")
    ]
    failure = failure_of(
        caller, tool, model="shop.product", values={"stock": 0}, **by_tool[tool]
    )

    assert not [one for one in described if "stock" in one["fields"]["properties"]]
    assert "stock" not in call(caller, "get_record", **record)["values"]
    assert list(failure.fields) == ["stock"]
    assert "stock" not in failure.allowed
    product.refresh_from_db()
    assert product.stock == 20
