"""Deleting on an admin that is awkward to work on: its keys, proxies, children."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from pytest_django import Settings

from tests.awkward.models import Maker, Note, Painting, Part, Place, ShownThing, Thing
from tests.awkward.things import (
    make_maker,
    make_place,
    make_thing,
    work_on_awkward_site,
)
from tests.callers import call, failure_of, make_caller
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _awkward(settings: Settings) -> None:
    work_on_awkward_site(settings)


def preview(caller: Any, model: str, *pks: Any) -> dict[str, Any]:
    ids = [str(pk) for pk in pks]
    return call(caller, "preview_change", kind="delete", model=model, ids=ids)


def delete(*records: Any, caller: Any = None) -> dict[str, Any]:
    caller = caller or make_caller(level="delete")
    model = records[0]._meta.label_lower
    ids = [str(record.pk) for record in records]
    confirm = preview(caller, model, *ids)["confirm"]
    return call(caller, "delete_records", model=model, ids=ids, confirm=confirm)


@pytest.mark.parametrize("code", ["a/b", "_5F", "x?y#z%", "ö ü", "1"])
def test_a_key_may_have_any_characters(code: str) -> None:
    delete(make_place(code))

    assert not Place.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.get_change_message()) == (code, "Via Claude Code.")


def test_a_key_may_be_a_uuid() -> None:
    delete(make_maker(), make_maker())

    assert not Maker.objects.exists()
    assert LogEntry.objects.count() == 2


def test_a_child_goes_with_its_parent_and_generic_rows() -> None:
    painting = Painting.objects.create(name="Sea", maker=make_maker(), technique="oil")
    Note.objects.create(text="x", about=painting)
    Part.objects.create(thing=painting, name="frame")

    answer = delete(painting)

    assert answer["counts"]["parts"] == 1
    assert not Thing.objects.exists()
    assert LogEntry.objects.get().get_change_message() == "Via Claude Code."


def test_a_proxy_deletes_only_what_it_shows() -> None:
    thing, hidden = make_thing(), make_thing(is_shown=False)
    caller = make_caller(level="delete")

    delete(ShownThing.objects.get(pk=thing.pk), caller=caller)
    failure = failure_of(
        caller,
        "preview_change",
        kind="delete",
        model="awkward.shownthing",
        ids=[hidden.pk],
    )

    assert failure.code == "not_found"
    assert list(Thing.objects.all()) == [hidden]
    assert LogEntry.objects.get().get_change_message() == "Via Claude Code."


def test_a_proxy_needs_its_own_permission() -> None:
    user = make_user(permissions=("awkward.view_shownthing", "awkward.delete_thing"))

    answer = preview(make_caller(user), "awkward.shownthing", make_thing().pk)

    assert answer["missing_permissions"] == ["awkward.delete_shownthing"]


def test_one_record_with_a_rule_of_its_own_stops_all() -> None:
    places = make_place(is_sealed=True).pk, make_place().pk

    answer = preview(make_caller(), "awkward.place", *places)

    assert answer["missing_permissions"] == ["awkward.delete_place"]
    assert "confirm" not in answer
