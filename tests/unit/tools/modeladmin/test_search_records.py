"""Searching answers what the changelist shows the same user for the same question."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from pytest_django.fixtures import Settings

from panel.shop.admin import ProductAdmin
from panel.shop.models import Customer, Product
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db


def ids_of(answer: dict[str, Any]) -> list[str]:
    return [row["id"] for row in answer["rows"]]


def shown_ids(user: Any, query: str) -> list[str]:
    """Return the ids of the rows on the admin's own page, in their order."""
    browser = Client()
    browser.force_login(user)
    page = browser.get(f"/admin/shop/product/?{query}").content.decode()
    return re.findall(r'/admin/shop/product/(\d+)/change/[^"]*">', page)


@pytest.fixture
def stocked() -> None:
    shelf = make_category()
    for number in range(7):
        make_product(
            f"Kettle {number}",
            price=10 + number,
            stock=number,
            category=shelf,
            status=("on_sale", "draft", "paused")[number % 3],
        )
    make_product("Lamp", category=make_category())


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({}, ""),
        ({"query": "kettle"}, "q=kettle"),
        ({"query": "kettle 3"}, "q=kettle+3"),
        ({"filters": {"status__exact": "paused"}}, "status__exact=paused"),
        ({"filters": {"stock_level": "fine"}}, "stock_level=fine"),
        ({"ordering": ["-shown_price"]}, "o=-4"),
        ({"ordering": ["category", "-name"]}, "o=3.-1"),
    ],
    ids=str,
)
@pytest.mark.parametrize("sees_drafts", [True, False])
@pytest.mark.usefixtures("stocked")
def test_rows_are_those_of_the_admins_own_page(
    arguments: dict[str, Any], query: str, *, sees_drafts: bool
) -> None:
    rights: tuple[str, ...] = ("shop.view_product", "shop.change_product")
    rights += ("shop.delete_product",)  # the list then has the column of checkboxes
    user = make_user(
        permissions=rights + (("shop.view_draft_product",) if sees_drafts else ())
    )

    answer = call(
        make_caller(user), "search_records", model="shop.product", **arguments
    )

    assert ids_of(answer) == shown_ids(user, query)
    assert answer["total"] == len(ids_of(answer)) > 0


@pytest.mark.usefixtures("stocked")
def test_ordering_is_right_without_the_column_of_checkboxes() -> None:
    viewer = make_user(permissions=("shop.view_product",))

    answer = call(
        make_caller(viewer),
        "search_records",
        model="shop.product",
        ordering=["-shown_price"],
    )

    prices = [row["values"]["shown_price"] for row in answer["rows"]]
    assert prices == sorted(prices, reverse=True)


@pytest.mark.usefixtures("stocked")
def test_pages_follow_each_other_without_gap_or_overlap() -> None:
    caller, seen, cursor = make_caller(), [], ""

    for _page in range(3):
        answer = call(
            caller, "search_records", model="shop.product", limit=3, cursor=cursor
        )
        seen += ids_of(answer)
        cursor = answer.get("next_cursor", "")

    assert cursor == ""
    assert sorted(seen) == sorted(shown_ids(caller.user, ""))


def test_a_row_has_its_label_its_link_and_its_columns() -> None:
    product = make_product("Enamel Kettle", stock=0)

    [row] = call(
        make_caller(),
        "search_records",
        model="shop.product",
        columns=["shown_price", "shown_stock"],
    )["rows"]

    assert row == {
        "id": str(product.pk),
        "label": "Enamel Kettle",
        "url": f"http://127.0.0.1:8000/admin/shop/product/{product.pk}/change/",
        "values": {"shown_price": "€42.00", "shown_stock": "Sold out"},
    }


def test_several_values_of_one_filter_and_dates_are_taken() -> None:
    make_order()
    caller = make_caller()
    described = call(caller, "describe_model", model="shop.order")
    choices = {
        str(choice["filters"])
        for one in described["filters"]
        for choice in one.get("choices", ())
    }

    for choice in choices:
        filters = dict(re.findall(r"'([^']+)': '([^']*)'", choice))
        call(caller, "search_records", model="shop.order", filters=filters)
    year = call(
        caller,
        "search_records",
        model="shop.order",
        filters={"placed_at__year": make_order().placed_at.year},
    )

    assert len(choices) > 5
    assert year["total"] >= 1


@pytest.mark.parametrize(
    "filters",
    [
        {"price__gte": "1"},
        {"id__in": ["1"]},
        {"sku": "TST"},
        {"category__products__order_lines__order__customer__email__startswith": "a"},
        {"category__name": "Shelf"},
        {"_to_field": "id"},
        {"_popup": "1"},
        {"q": "kettle"},
        {"o": "1"},
        {"p": "2"},
        {"all": ""},
        {"e": "1"},
        {"": "1"},
    ],
    ids=str,
)
def test_a_filter_that_the_list_does_not_offer_is_refused(
    filters: dict[str, Any],
) -> None:
    make_product()
    make_product()

    failure = failure_of(
        make_caller(), "search_records", model="shop.product", filters=filters
    )

    assert failure.code == "invalid_filter"
    assert "status__exact" in failure.allowed


@pytest.mark.parametrize("name", ["customer__email", "customer__country"])
def test_a_relation_cannot_be_used_as_an_oracle(name: str) -> None:
    """Not even one by which the list filters: it offers whole values, no guesses."""
    make_order()
    caller = make_caller()

    right, wrong = (
        failure_of(
            caller,
            "search_records",
            model="shop.order",
            filters={f"{name}__startswith": guess},
        )
        for guess in ("I", "zzz")
    )

    assert right.code == "invalid_filter"
    assert right.detail() == wrong.detail()


def test_a_masked_column_is_no_oracle_by_equality_order_or_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Masked(admin.ModelAdmin):
        list_display = ("name", "door_password")
        list_filter = ("status",)
        search_fields = ("name",)

        @admin.display(ordering="sku")
        def door_password(self, product: Product) -> str:
            return f"****{product.sku[-1]}"

    use_admin(monkeypatch, Product, Masked)
    sku = make_product("Kettle").sku
    ask: dict[str, Any] = {"model": "shop.product"}
    caller = make_caller()

    by_value = [
        failure_of(caller, "search_records", filters={"sku": guess}, **ask).detail()
        for guess in (sku, "ZZZ-0000")
    ]
    by_words = [
        call(caller, "search_records", query=guess, **ask)["total"]
        for guess in (sku, "ZZZ-0000")
    ]
    by_order = failure_of(caller, "search_records", ordering=["door_password"], **ask)

    assert by_value[0] == by_value[1]
    assert by_words == [0, 0]
    assert by_order.code == "invalid_ordering"
    assert "****" not in str(call(caller, "search_records", **ask))


@pytest.mark.parametrize(
    "filters",
    [
        {"stock_level": "nonsense"},
        {"category__id__exact": "many"},
        {"category__id__exact": "9" * 400},
        {"available_from__gte": "yesterday"},
        {"tags__id__exact": "☃"},
    ],
    ids=str,
)
def test_a_value_that_a_filter_cannot_use_is_refused(filters: dict[str, Any]) -> None:
    make_product(category=make_category())
    make_product(category=make_category())

    try:
        answer = call(
            make_caller(), "search_records", model="shop.product", filters=filters
        )
    except AssertionError:
        raise
    except Exception as error:  # noqa: BLE001  # any other error is the finding
        assert getattr(error, "code", "") == "invalid_filter"  # noqa: PT017
    else:
        assert answer["rows"] == []


@pytest.mark.parametrize("name", ["status__exact", "password__startswith"])
def test_a_filter_without_any_value_is_refused_not_ignored(name: str) -> None:
    make_product()

    failure = failure_of(
        make_caller(), "search_records", model="shop.product", filters={name: []}
    )

    assert failure.code == "invalid_arguments"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"ordering": ["nothing"]}, "invalid_ordering"),
        ({"ordering": ["action_checkbox"]}, "invalid_ordering"),
        ({"ordering": ["--name"]}, "invalid_ordering"),
        ({"columns": ["price"]}, "invalid_column"),
        ({"cursor": "abc"}, "invalid_arguments"),
        ({"cursor": "2.0-0123456789abcdef"}, "invalid_arguments"),
        ({"facets": True}, "no_facets"),
        ({"limit": 101}, "invalid_arguments"),
    ],
    ids=str,
)
def test_what_the_list_does_not_have_is_refused(
    monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], code: str
) -> None:
    make_product()
    monkeypatch.setattr(ProductAdmin, "show_facets", admin.ShowFacets.NEVER)

    failure = failure_of(
        make_caller(), "search_records", model="shop.product", **arguments
    )

    assert failure.code == code


def test_a_column_without_sorting_cannot_be_sorted_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Unsorted(admin.ModelAdmin):
        list_display = ("name", "price", "stock_value")
        sortable_by = ("name", "stock_value")

        def stock_value(self, product: Product) -> int:
            return int(product.price * product.stock)

    use_admin(monkeypatch, Product, Unsorted)

    failures = [
        failure_of(
            make_caller(), "search_records", model="shop.product", ordering=[column]
        )
        for column in ("price", "stock_value")
    ]

    assert [one.allowed for one in failures] == [["name"], ["name"]]


def test_words_for_a_list_without_search_are_refused_not_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_admin(monkeypatch, Customer, admin.ModelAdmin)
    make_order()

    failure = failure_of(
        make_caller(), "search_records", model="shop.customer", query="nora"
    )

    assert failure.code == "no_search"


def test_a_search_of_the_sites_own_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(admin.ModelAdmin):
        def get_search_results(self, request: Any, queryset: Any, term: str) -> Any:
            del request
            return queryset.filter(city=term), False

    use_admin(monkeypatch, Customer, Own)
    make_order()

    answer = call(make_caller(), "search_records", model="shop.customer", query="Rome")

    assert answer["total"] == 0


def test_a_secret_field_cannot_be_searched_in(monkeypatch: pytest.MonkeyPatch) -> None:
    class Leaky(admin.ModelAdmin):
        search_fields = ("name",)
        list_display = ("name", "api_token")

        def api_token(self, product: Product) -> str:
            return f"token of {product}"

    use_admin(monkeypatch, Product, Leaky)
    make_product()

    answer = call(make_caller(), "search_records", model="shop.product")

    assert "api_token" not in str(answer)


def test_the_limit_is_the_sites_own(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "MAX_ROWS_PER_CALL": 5}

    failure = failure_of(make_caller(), "search_records", model="shop.product", limit=6)

    assert "5" in failure.message
