"""A number that no column can hold is told as clearly as any other wrong key."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from pytest_django import Settings

from agent_connector.tools import ToolFailed
from agent_connector.tools.modeladmin.keys import fits, possible_keys
from panel.shop.models import Order, Product
from tests.awkward.models import Maker, Painting
from tests.awkward.things import make_thing, work_on_awkward_site
from tests.callers import call, failure_of, make_caller, use_admin
from tests.panel.shop import make_order, make_product

HUGE = (10**30, -(10**30), 2**63, str(10**30))
every_huge = pytest.mark.parametrize(
    "huge", HUGE, ids=["big", "small", "2**63", "text"]
)


def test_what_a_column_can_hold() -> None:
    pk = Product._meta.pk

    assert all(fits(pk, key) for key in (0, "7", 2**63 - 1, "nonsense", None))
    assert not any(fits(pk, key) for key in HUGE)
    assert possible_keys(pk, ["7", "x", *HUGE]) == [7]
    assert not fits(Painting._meta.pk, HUGE[0])
    assert fits(Maker._meta.pk, str(uuid.UUID(int=2**128 - 1)))


@pytest.mark.django_db
@every_huge
def test_a_huge_id_is_one_that_is_not_there(huge: Any) -> None:
    order = make_order(lines=((1, "5.00"),))
    caller = make_caller(level="delete")
    by_id: dict[str, dict[str, Any]] = {
        "get_record": {},
        "update_record": {"values": {"note": "x"}},
        "get_history": {},
        "describe_model": {"purpose": "change"},
        "lookup_choices": {"field": "customer"},
    }
    by_ids: dict[str, dict[str, Any]] = {
        "preview_change": {"kind": "delete"},
        "delete_records": {"confirm": "x"},
        "run_action": {"action": "mark_as_shipped", "confirm": "x"},
    }

    for tool, more in by_id.items():
        failure = failure_of(caller, tool, model="shop.order", id=huge, **more)
        assert failure.code == "not_found", tool
    for tool, more in by_ids.items():
        failure = failure_of(caller, tool, model="shop.order", ids=[huge], **more)
        assert failure.code == "not_found", tool
    for rows in (
        {"change": [{"id": huge, "values": {"quantity": 2}}]},
        {"delete": [huge]},
    ):
        failure = failure_of(
            caller,
            "update_record",
            model="shop.order",
            id=order.pk,
            inlines={"lines": rows},
        )
        assert failure.code == "invalid_values"
        assert list(failure.fields) == [f"lines[{huge}]"]


@pytest.mark.django_db
@every_huge
def test_a_huge_key_of_a_related_record_is_an_error_of_its_field(
    huge: Any, settings: Settings
) -> None:
    work_on_awkward_site(settings)
    thing, caller = make_thing(), make_caller()
    missing = 987_654

    def refused(value: Any) -> Any:
        values = {"tags": [value]}
        return failure_of(
            caller, "update_record", model="awkward.thing", id=thing.pk, values=values
        )

    assert refused(huge).code == "invalid_values"
    told = [str(refused(one).fields).replace(str(one), "…") for one in (huge, missing)]
    assert told[0] == told[1]


@pytest.mark.django_db
@every_huge
def test_a_huge_key_of_a_product_is_refused_on_the_page_and_in_rows(huge: Any) -> None:
    product, order = make_product(), make_order()
    caller = make_caller()
    version = call(caller, "get_record", model="shop.order", id=order.pk)["version"]
    asked: tuple[dict[str, Any], ...] = (
        {"model": "shop.product", "id": product.pk, "values": {"category": huge}},
        {
            "model": "shop.order",
            "id": order.pk,
            "expected_version": version,
            "inlines": {"lines": {"add": [{"product": huge, "quantity": 1}]}},
        },
        {"model": "shop.order", "id": order.pk, "values": {"customer": huge}},
    )

    for arguments in asked:
        failure = failure_of(caller, "update_record", **arguments)
        assert failure.code == "invalid_values"
        assert failure.fields


@pytest.mark.django_db
@every_huge
def test_a_record_whose_key_is_another_record_is_not_found_either(
    huge: Any, settings: Settings
) -> None:
    work_on_awkward_site(settings)

    failure = failure_of(make_caller(), "get_record", model="awkward.painting", id=huge)

    assert failure.code == "not_found"


@pytest.mark.django_db
@every_huge
def test_a_huge_value_of_a_filter_finds_nothing_or_is_refused(
    huge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    attributes = {
        "list_filter": ("category", "stock", "tags"),
        "date_hierarchy": "available_from",
        "actions": ("sell",),
        "sell": lambda *_: None,
    }
    use_admin(monkeypatch, Product, type("Products", (admin.ModelAdmin,), attributes))
    make_product()
    caller = make_caller(level="delete")
    for name in (
        "category__id__exact",
        "stock",
        "tags__id__exact",
        "available_from__year",
    ):
        for tool, more in (
            ("search_records", {"filters": {name: huge}}),
            (
                "preview_change",
                {
                    "kind": "action",
                    "action": "sell",
                    "all_matching": {"filters": {name: huge}},
                },
            ),
        ):
            try:
                told = call(caller, tool, model="shop.product", **more)["total"]
            except ToolFailed as failure:
                told = failure.code
            assert told in {0, "invalid_filter", "not_found"}, name


@pytest.mark.django_db
def test_a_history_with_an_impossible_key_is_read_over() -> None:
    caller = make_caller()
    for key in (str(10**30), "nonsense"):
        LogEntry.objects.create(
            user=caller.user,
            content_type=ContentType.objects.get_for_model(Order),
            object_id=key,
            object_repr="x",
            action_flag=CHANGE,
        )

    assert call(caller, "get_history", model="shop.order")["entries"] == []
    assert len(call(caller, "get_history", mine=True)["entries"]) == 2


@pytest.mark.django_db
def test_a_number_that_only_the_database_refuses_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class AnyStock(forms.ModelForm):
        stock = forms.IntegerField()

        def _post_clean(self) -> None:
            self.instance.stock = self.cleaned_data["stock"]

    attributes = {"form": AnyStock, "fields": ("stock",)}
    use_admin(monkeypatch, Product, type("Products", (admin.ModelAdmin,), attributes))
    product = make_product(stock=3)

    failure = failure_of(
        make_caller(),
        "update_record",
        model="shop.product",
        id=product.pk,
        values={"stock": 10**30},
    )

    product.refresh_from_db()
    assert failure.code == "conflict"
    assert product.stock == 3
