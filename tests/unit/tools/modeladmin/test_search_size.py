"""Answers of a search have a bounded size, and go on where they stopped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib import admin

from agent_connector.tools.modeladmin import search_records as module
from panel.shop.admin import ProductAdmin
from panel.shop.models import Product
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_order, make_product
from tests.statements import statements

pytestmark = pytest.mark.django_db


def test_a_page_that_is_no_longer_there_has_no_rows_of_another() -> None:
    for _number in range(7):
        make_product()
    caller, ask = make_caller(), {"model": "shop.product", "limit": 2}
    cursor = call(caller, "search_records", **ask)["next_cursor"]
    third = call(caller, "search_records", cursor=cursor, **ask)["next_cursor"]
    kept = list(Product.objects.values_list("pk", flat=True)[:3])
    Product.objects.exclude(pk__in=kept).delete()

    failure = failure_of(caller, "search_records", cursor=third, **ask)
    Product.objects.filter(pk=kept[0]).delete()
    answer = call(caller, "search_records", cursor=cursor, **ask)

    assert failure.code == "invalid_filter"
    assert (answer["total"], answer["rows"]) == (2, [])


@pytest.mark.parametrize(
    "changes",
    [{"query": "x"}, {"limit": 3}, {"filters": {"status__exact": "paused"}}],
    ids=str,
)
def test_a_cursor_belongs_to_its_question(changes: dict[str, Any]) -> None:
    for _number in range(5):
        make_product()
    caller, ask = make_caller(), {"model": "shop.product", "limit": 2}
    cursor = call(caller, "search_records", **ask)["next_cursor"]

    failure = failure_of(caller, "search_records", cursor=cursor, **{**ask, **changes})

    assert failure.code == "invalid_arguments"
    assert "another question" in failure.message


def test_rows_are_cut_by_bytes_and_the_cursor_goes_on_within_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Wide(admin.ModelAdmin):
        list_display = ("name", *(f"part{number}" for number in range(9)))

    for number in range(9):
        setattr(Wide, f"part{number}", lambda _self, one: one.description)
    use_admin(monkeypatch, Product, Wide)
    for number in range(50):
        make_product(f"Kettle {number:02}", description="€" * 250)
    caller, seen, cursor = make_caller(), [], ""

    for _page in range(20):
        answer = call(
            caller, "search_records", model="shop.product", limit=30, cursor=cursor
        )
        assert len(json.dumps(answer, ensure_ascii=False).encode()) < 60_000
        seen += [row["label"] for row in answer["rows"]]
        cursor = answer.get("next_cursor", "")
        if not cursor:
            break

    assert seen == [f"Kettle {number:02}" for number in range(50)]


def test_an_answer_that_was_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 600)
    for _number in range(9):
        make_product()

    answer = call(make_caller(), "search_records", model="shop.product")

    assert 0 < len(answer["rows"]) < 9
    assert "next_cursor" in answer["truncated"]
    assert answer["next_cursor"]


def test_a_clipped_text_leads_to_get_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProductAdmin, "list_display", ("name", "description"))
    make_product(description="x" * 400)

    answer = call(make_caller(), "search_records", model="shop.product")

    shown = answer["rows"][0]["values"]["description"]
    assert "[clipped: 400 characters in all]" in shown
    assert "get_record" in answer["truncated"]


@pytest.mark.parametrize(
    ("shown", "asked", "counted"),
    [
        (admin.ShowFacets.ALWAYS, False, True),
        (admin.ShowFacets.ALLOW, True, True),
        (admin.ShowFacets.ALLOW, False, False),
    ],
)
def test_facets_are_counted_where_the_admin_counts_them(
    monkeypatch: pytest.MonkeyPatch,
    shown: admin.ShowFacets,
    *,
    asked: bool,
    counted: bool,
) -> None:
    monkeypatch.setattr(ProductAdmin, "show_facets", shown)
    make_product(status="paused")
    make_product(status="draft")
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    answer = call(caller, "search_records", model="shop.product", facets=asked)

    labels = [
        choice["label"]
        for one in answer.get("facets", ())
        for choice in one.get("choices", ())
    ]
    assert ("Paused (1)" in labels) == counted
    assert ("Draft (0)" in labels) == counted


def test_a_list_that_does_not_count_all_says_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ProductAdmin, "show_full_result_count", False)
    make_product()
    make_product()
    caller = make_caller()

    few = call(caller, "search_records", model="shop.product", limit=2)
    more = call(caller, "search_records", model="shop.product", limit=1)

    assert (few["total"], more["total"]) == (2, "many")


@pytest.mark.parametrize("model", ["shop.order", "shop.product"])
def test_the_number_of_statements_does_not_grow_with_the_rows(model: str) -> None:
    caller = make_caller()

    def asked() -> int:
        with statements() as seen:
            call(caller, "search_records", model=model, limit=20)
        return len(seen)

    make_order(lines=((1, "5.00"),))
    asked()
    few = asked()
    for _number in range(20):
        make_order(lines=((1, "5.00"), (2, "3.00")))

    assert asked() == few
