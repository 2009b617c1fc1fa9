"""What is chosen is what the list would hand to an action: all of it, no more."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from django.contrib import admin

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin import chosen as module
from agent_connector.tools.modeladmin.chosen import (
    MAX_SHOWN,
    AllMatching,
    choose,
    find_records,
    lock,
    shown,
    stamp_of,
    versions_of,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.save import every_row
from panel.shop.models import Category, Product
from tests.callers import make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_product
from tests.statements import statements

pytestmark = pytest.mark.django_db


def products() -> Any:
    return admin_site().get_model_admin(Product)


def chosen(**named: Any) -> Any:
    wanted: dict[str, Any] = {"ids": [], "all_matching": msgspec.UNSET, **named}
    return choose(make_caller(), products(), **wanted)


def failure_of(**named: Any) -> ToolFailed:
    with pytest.raises(ToolFailed) as failure:
        chosen(**named)
    return failure.value


def test_ids_are_one_set_however_they_are_written() -> None:
    kettle, pot = make_product("Kettle"), make_product("Pot")

    one = chosen(ids=[kettle.pk, str(pot.pk)])
    other = chosen(ids=[str(pot.pk), pot.pk, kettle.pk])

    assert one.arguments == other.arguments
    assert sorted(one.pks) == sorted([str(kettle.pk), str(pot.pk)])


def test_all_that_match_are_what_the_list_shows_for_the_question() -> None:
    kettle = make_product("Kettle")
    make_product("Pot")

    found = chosen(all_matching=AllMatching(query="kettle"))

    assert found.records == [kettle]
    assert found.query["q"] == ["kettle"]
    assert list(found.queryset) == [kettle]


def test_what_comes_later_is_not_chosen() -> None:
    make_product()
    found = chosen(all_matching=AllMatching())

    make_product()

    assert found.queryset.all().count() == 1


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({}, "invalid_arguments"),
        ({"ids": [""]}, "invalid_arguments"),
        ({"ids": [1], "all_matching": AllMatching()}, "invalid_arguments"),
        ({"ids": [404]}, "not_found"),
        ({"all_matching": AllMatching()}, "not_found"),
        ({"all_matching": AllMatching(filters={"price__gt": 1})}, "invalid_filter"),
    ],
    ids=["nothing", "empty", "both", "missing", "none matches", "no such filter"],
)
def test_what_cannot_be_chosen_is_told(named: dict[str, Any], code: str) -> None:
    assert failure_of(**named).code == code


def test_more_than_the_most_is_refused_and_not_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_MATCHING", 2)
    for _ in range(3):
        make_product()

    assert failure_of(all_matching=AllMatching()).code == "invalid_arguments"


def test_a_record_that_the_list_leaves_out_is_not_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Short(admin.SimpleListFilter):
        title = parameter_name = "short"

        def lookups(self, *_: Any) -> list[tuple[str, str]]:
            return [("all", "All")]

        def queryset(self, _request: Any, queryset: Any) -> Any:
            return queryset if self.value() else queryset.filter(name="A")

    kind = type("Listed", (admin.ModelAdmin,), {"list_filter": [Short]})
    category_admin = use_admin(monkeypatch, Category, kind)
    make_category("A")
    hidden = make_category("B")

    with pytest.raises(ToolFailed) as failure:
        choose(
            make_caller(), category_admin, ids=[hidden.pk], all_matching=msgspec.UNSET
        )

    assert failure.value.code == "not_found"


def test_hidden_rows_are_found_by_nobody_who_does_not_see_them() -> None:
    draft = make_product(status=Product.Status.DRAFT)
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    with pytest.raises(ToolFailed):
        find_records(caller, products(), [draft.pk])

    assert list(every_row(products())) == [draft]


def test_the_first_are_shown_and_versions_tell_all_apart() -> None:
    records = [make_product() for _ in range(MAX_SHOWN + 1)]

    versions = versions_of(records)

    assert len(shown(make_caller(), products(), records)) == MAX_SHOWN
    assert len(set(versions.values())) == len(records)
    assert stamp_of(versions) != stamp_of({**versions, str(records[0].pk): "x"})


@pytest.mark.postgresql
def test_rows_are_locked_in_one_order() -> None:
    with statements() as seen:
        lock(products(), [make_product(), make_product()])

    assert "FOR UPDATE" in seen[-1]
    assert "ORDER BY" in seen[-1]
