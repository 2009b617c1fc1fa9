"""An agent's copy of a ModelAdmin hides secrets and keeps the site's overrides."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup

from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.sealed import (
    FilterNotOffered,
    date_parameters,
    name_of,
    seal,
)
from panel.shop.models import Product
from tests.callers import call, make_caller, use_admin
from tests.panel.shop import make_product

pytestmark = pytest.mark.django_db


def api_token(_product: Product) -> str:
    return "abc"


class Leaky(admin.ModelAdmin):
    list_display = ("name", api_token, "category__secret_code")
    list_filter = ("status", ("supplier_password", admin.AllValuesFieldListFilter))
    search_fields = ("name", "=door_passwd")

    def get_ordering(self, request: Any) -> Any:
        del request
        return ["-price"]


def request_of(**query: str) -> AdminRequest:
    return AdminRequest(make_caller(), path="/admin/shop/product/", query=query)


def test_secret_columns_filters_and_search_fields_are_left_out() -> None:
    sealed, request = seal(Leaky(Product, admin_site())), request_of()

    assert sealed.get_list_display(request) == ["name"]
    assert sealed.get_list_filter(request) == ["status"]
    assert sealed.get_search_fields(request) == ["name"]


def test_the_original_and_the_overrides_stay_as_they_are() -> None:
    original, request = Leaky(Product, admin_site()), request_of()

    sealed = seal(original, rows_per_page=7)

    assert isinstance(sealed, Leaky)
    assert list(sealed.get_ordering(request)) == ["-price"]
    assert sealed.list_per_page == 7
    assert original.list_per_page == 100
    assert len(original.get_list_display(request)) == 3


@pytest.mark.parametrize(
    "parameter",
    ["price__gte", "price", "category__name__startswith", "pk__in", "created_at__year"],
)
def test_a_lookup_that_no_filter_offers_is_refused_before_it_runs(
    parameter: str,
) -> None:
    sealed = seal(admin_site().get_model_admin(Product))

    with pytest.raises((FilterNotOffered, DisallowedModelAdminLookup)):
        sealed.get_changelist_instance(request_of(**{parameter: "1"}))


def test_names_are_found_in_every_form_that_django_takes() -> None:
    class Stock(admin.SimpleListFilter):
        title = parameter_name = "stock_level"

    assert name_of("price") == "price"
    assert name_of(api_token) == "api_token"
    assert name_of(Stock) == "stock_level"
    assert name_of(("price", admin.AllValuesFieldListFilter)) == "price"
    assert name_of(Product._meta.get_field("price")) == "price"


def test_the_date_navigation_has_three_parameters() -> None:
    assert date_parameters("placed_at") == [
        "placed_at__year",
        "placed_at__month",
        "placed_at__day",
    ]
    assert date_parameters(None) == []


class Default(admin.FieldListFilter):
    """A filter that puts its own condition on itself while nobody chooses."""

    title = "status"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        itself: Any = self
        itself.queryset = self.on_sale

    def on_sale(self, _request: Any, rows: Any) -> Any:
        return rows.filter(status="on_sale")

    def expected_parameters(self) -> list[str | None]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, _changelist: Any) -> Any:
        return iter(())


class WithDefault(admin.ModelAdmin):
    list_filter = (("status", Default),)


def test_a_condition_that_nobody_chose_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    use_admin(monkeypatch, Product, WithDefault)
    make_product("Shown", status="on_sale")
    make_product("Hidden", status="draft")

    rows = call(make_caller(), "search_records", model="shop.product")["rows"]

    assert [row["label"] for row in rows] == ["Shown"]
