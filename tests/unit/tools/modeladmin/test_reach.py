"""A record is tied only to those that the widget offers; hidden ones are missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from pytest_django import Settings

from agent_connector.tools.modeladmin.reach import keep_within_reach
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Category, Product
from tests.awkward.models import Maker, Place, Thing
from tests.awkward.things import (
    make_maker,
    make_place,
    make_thing,
    work_on_awkward_site,
)
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_product

pytestmark = pytest.mark.django_db
RIGHTS = ("shop.view_product", "shop.change_product", "shop.add_product")
MISSING = 987_654


class PublicCategories(admin.ModelAdmin):
    search_fields = ("name",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).exclude(name__startswith="Hidden")


class ByLookUp(admin.ModelAdmin):
    fields = ("name", "category")
    autocomplete_fields = ("category",)


class ByKey(admin.ModelAdmin):
    fields = ("name", "category")
    raw_id_fields = ("category",)


@pytest.fixture(params=[ByLookUp, ByKey], ids=["autocomplete", "raw id"])
def hidden(request: Any, monkeypatch: pytest.MonkeyPatch) -> Category:
    """Return a category that the lists of the admin show nobody."""
    use_admin(monkeypatch, Category, PublicCategories)
    use_admin(monkeypatch, Product, request.param)
    return make_category("Hidden lamps")


def change(product: Product, category: Any) -> list[tuple[str, dict[str, Any]]]:
    values = {"category": str(category)}
    named = {"model": "shop.product"}
    return [
        ("update_record", {**named, "id": product.pk, "values": values}),
        ("create_record", {**named, "values": {**values, "name": "New"}}),
        (
            "preview_change",
            {**named, "kind": "update", "ids": [product.pk], "values": values},
        ),
    ]


def told(caller: Any, tool: str, arguments: dict[str, Any]) -> Any:
    if tool == "preview_change":
        answer = call(caller, tool, **arguments)
        return {"fields": answer.get("errors"), "changes": answer.get("changes")}
    return failure_of(caller, tool, **arguments).detail()


@pytest.mark.parametrize("also", ["shop.view_category", "shop.view_tag"])
def test_a_hidden_record_is_refused_in_the_words_of_a_missing_one(
    hidden: Category, also: str
) -> None:
    product = make_product()
    caller = make_caller(make_user(permissions=(*RIGHTS, also)))

    for at, (tool, arguments) in enumerate(change(product, hidden.pk)):
        answer = told(caller, tool, arguments)
        missing = told(caller, *change(product, MISSING)[at])
        assert "category" in answer["fields"], tool
        assert "Hidden lamps" not in str(answer)
        assert str(answer).replace(str(hidden.pk), "…") == str(missing).replace(
            str(MISSING), "…"
        )
    product.refresh_from_db()
    assert product.category != hidden


def test_a_visible_record_is_taken(hidden: Category) -> None:
    product, lamps = make_product(category=hidden), make_category("Lamps")
    caller = make_caller(make_user(permissions=(*RIGHTS, "shop.view_category")))

    call(
        caller,
        "update_record",
        model="shop.product",
        id=product.pk,
        values={"category": lamps.pk},
    )

    product.refresh_from_db()
    assert product.category == lamps


def test_what_a_record_is_tied_to_already_stays(hidden: Category) -> None:
    product = make_product(category=hidden)
    caller = make_caller(make_user(permissions=RIGHTS))

    call(
        caller,
        "update_record",
        model="shop.product",
        id=product.pk,
        values={"name": "Renamed", "category": hidden.pk},
    )

    product.refresh_from_db()
    assert (product.name, product.category) == ("Renamed", hidden)


def test_of_several_the_present_ones_stay_and_hidden_ones_do_not_come(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    work_on_awkward_site(settings)

    class Tags(admin.ModelAdmin):
        search_fields = ("name",)

        def get_queryset(self, request: Any) -> Any:
            return super().get_queryset(request).filter(name="open")

    class Things(admin.ModelAdmin):
        fields = ("name", "tags")
        autocomplete_fields = ("tags",)

    tags: Any = Thing._meta.get_field("tags").related_model
    use_admin(monkeypatch, tags, Tags)
    use_admin(monkeypatch, Thing, Things)
    old, new, shown = (tags.objects.create(name=n) for n in ("old", "new", "open"))
    thing, caller = make_thing(), make_caller()
    thing.tags.add(old)
    named: dict[str, Any] = {"model": "awkward.thing", "id": thing.pk}

    failure, missing = (
        failure_of(caller, "update_record", **named, values={"tags": [old.pk, pk]})
        for pk in (new.pk, MISSING)
    )
    call(caller, "update_record", **named, values={"tags": [old.pk, shown.pk]})

    assert list(failure.fields) == ["tags"]
    assert str(failure.detail()).replace(f"{new.pk} is", "… is") == (
        str(missing.detail()).replace(f"{MISSING} is", "… is")
    )
    assert set(thing.tags.all()) == {old, shown}


def test_rows_reach_no_further(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    work_on_awkward_site(settings)

    class Makers(admin.ModelAdmin):
        search_fields = ("name",)

        def get_queryset(self, request: Any) -> Any:
            return super().get_queryset(request).filter(name="Open")

    class Things(admin.TabularInline):
        model = Thing
        fields = ("name", "maker")
        autocomplete_fields = ("maker",)

    use_admin(monkeypatch, Maker, Makers)
    use_admin(
        monkeypatch, Place, type("Places", (admin.ModelAdmin,), {"inlines": [Things]})
    )
    place, closed, shown = make_place(), make_maker("Closed"), make_maker("Open")
    caller = make_caller()
    named: dict[str, Any] = {"model": "awkward.place", "id": place.pk}
    named["expected_version"] = call(caller, "get_record", **named)["version"]

    def add(maker: Any) -> dict[str, Any]:
        row = {"name": "Chair", "maker": str(maker)}
        return {**named, "inlines": {"thing_set": {"add": [row]}}}

    failure = failure_of(caller, "update_record", **add(closed.pk))
    missing = failure_of(caller, "update_record", **add(UUID(int=1)))
    call(caller, "update_record", **add(shown.pk))

    assert list(failure.fields) == ["thing_set.add[0].maker"]
    assert failure.detail() == missing.detail()
    assert [thing.maker for thing in place.thing_set.all()] == [shown]


def test_an_account_that_is_known_may_be_named() -> None:
    class Owned(forms.Form):
        owner = forms.ModelChoiceField(User.objects.all(), widget=forms.TextInput)

    caller = make_caller(make_user(permissions=RIGHTS))
    form = Owned({"owner": str(caller.user.pk)})

    keep_within_reach(AdminRequest(caller, path="/admin/"), [form])

    assert form.is_valid()


@pytest.mark.parametrize("how", [ByLookUp, ByKey])
def test_a_list_that_the_site_keeps_short_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, how: Any
) -> None:
    class Short(PublicCategories):
        def get_search_results(self, *asked: Any) -> Any:
            rows, is_doubled = super().get_search_results(*asked)
            return rows.order_by("name")[:1], is_doubled

    use_admin(monkeypatch, Category, Short)
    use_admin(monkeypatch, Product, how)
    first, second = make_category("Lamps"), make_category("Rugs")
    product, caller = make_product(category=first), make_caller()
    named: dict[str, Any] = {"model": "shop.product", "id": product.pk}

    call(caller, "update_record", **named, values={"category": second.pk})
    found = call(caller, "lookup_choices", **named, field="category", query="Rug")

    product.refresh_from_db()
    assert product.category == second
    assert [one["label"] for one in found["choices"]] == ["Rugs"]
