"""A host's list, filtered by what agents have changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.utils import timezone

from agent_connector.admin.changed_by_agents import ChangedByAgents
from agent_connector.models import ChangedRecord
from tests.awkward.models import Maker, Painting, Place, ShownThing, Thing
from tests.callers import call, make_caller
from tests.calls import make_call
from tests.factories import make_admin
from tests.panel.shop import make_product
from tests.screens import signed_in

pytestmark = pytest.mark.django_db

NAME = "changed_by_agents"


def changed(record: models.Model, *, label: str = "", days_ago: float = 0) -> None:
    ChangedRecord.objects.create(
        tool_call=make_call(),
        model=label or record._meta.label_lower,
        object_id=str(record.pk),
        at=timezone.now() - timedelta(days=days_ago),
    )


def chosen(model: type[models.Model], value: str) -> set[Any]:
    """Return the keys that the filter leaves."""
    request = RequestFactory().get("/", {NAME: value})
    spec = ChangedByAgents(
        request, {NAME: [value]}, model, admin.ModelAdmin(model, admin.site)
    )
    rows = spec.queryset(request, model._default_manager.all())
    assert rows is not None
    return set(rows.values_list("pk", flat=True))


def make_thing(kind: type[Thing] = Thing, **fields: Any) -> Thing:
    maker = Maker.objects.create(name="M")
    return kind.objects.create(name=f"Thing {maker.pk}", maker=maker, **fields)


def test_a_list_shows_what_agents_have_changed_and_what_not() -> None:
    old, new, untouched = make_product("Old"), make_product("New"), make_product("Cup")
    changed(old, days_ago=8)
    changed(new, days_ago=6)
    changed(new, days_ago=9)
    changed(untouched, label="shop.order")
    browser = signed_in(make_admin())

    def listed(value: str) -> set[str]:
        page = browser.get(f"/admin/shop/product/?{NAME}={value}")
        return {product.name for product in page.context["cl"].result_list}

    assert listed("yes") == {"Old", "New"}
    assert listed("week") == {"New"}
    assert listed("no") == {"Cup"}
    assert listed("") == listed("nonsense") == {"Old", "New", "Cup"}


def test_what_a_tool_changed_is_found() -> None:
    kettle = make_product("Kettle")
    make_product("Cup")
    about = {"model": "shop.product", "id": kettle.pk}
    caller = make_caller()
    call(caller, "update_record", **about, values={"name": "Pot"})

    assert chosen(type(kettle), "week") == {kettle.pk}
    found = call(caller, "search_records", model="shop.product", filters={NAME: "yes"})
    assert [row["id"] for row in found["rows"]] == [str(kettle.pk)]


@pytest.mark.parametrize("code", ["c/1", "O'Neil", "7", "ünï 🙂"])
def test_keys_that_are_texts_are_found(code: str) -> None:
    place = Place.objects.create(code=code, name="Cellar")
    other = Place.objects.create(code="other", name="Attic")
    changed(place)

    assert chosen(Place, "yes") == {place.pk}
    assert chosen(Place, "no") == {other.pk}


def test_keys_that_are_uuids_are_found() -> None:
    maker, other = Maker.objects.create(name="A"), Maker.objects.create(name="B")
    changed(maker)

    assert chosen(Maker, "yes") == {maker.pk}
    assert chosen(Maker, "no") == {other.pk}


def test_a_proxy_a_child_and_its_parent_are_the_same_record() -> None:
    thing, painting = make_thing(), make_thing(Painting, technique="oil")
    changed(thing, label="awkward.shownthing")
    changed(painting, label="awkward.painting")

    assert chosen(Thing, "yes") == {thing.pk, painting.pk}
    assert chosen(ShownThing, "yes") == {thing.pk, painting.pk}
    assert chosen(Painting, "yes") == {painting.pk}


def test_a_model_in_another_database_has_no_such_filter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Apart:
        def db_for_read(self, model: Any, **_hints: Any) -> str | None:
            return "places" if model is Place else None

    monkeypatch.setattr("django.db.router.routers", [Apart()])
    request = RequestFactory().get("/")

    def offered(model: type[models.Model]) -> bool:
        model_admin = admin.ModelAdmin(model, admin.site)
        return ChangedByAgents(request, {}, model, model_admin).has_output()

    assert offered(Maker)
    assert not offered(Place)
