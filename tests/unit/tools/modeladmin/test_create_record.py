"""A record is added through the add page: its defaults, its rules, its history."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry

from tests.awkward.models import Maker, Painting, Place, ShownThing, Tag, Thing
from tests.awkward.things import (
    make_maker,
    make_place,
    make_thing,
    work_on_awkward_site,
)
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _awkward_site(settings: Any) -> None:
    work_on_awkward_site(settings)


def create(model: str, *, caller: Any = None, **values: Any) -> dict[str, Any]:
    who = caller or make_caller()
    return call(who, "create_record", model=f"awkward.{model}", values=values)


def refusal(model: str, *, caller: Any = None, **values: Any) -> Any:
    who = caller or make_caller()
    return failure_of(who, "create_record", model=f"awkward.{model}", values=values)


def test_every_kind_of_value_is_stored_and_what_is_left_out_keeps_its_default() -> None:
    maker, place = make_maker(), make_place("shelf/1_a")
    tags = [Tag.objects.create(name=name) for name in ("a", "b")]

    answer = create(
        "thing",
        name="Blue Jar",
        kind="given",
        maker=str(maker.pk),
        place=place.pk,
        tags=[tag.pk for tag in tags],
        price="12.50",
        seen_at="2026-05-01T12:30:00+02:00",
        made_on="1987-02-03",
        details={"height": [1, None]},
        is_whole=False,
    )

    thing = Thing.objects.get()
    assert (thing.name, thing.kind, str(thing.price)) == ("Blue Jar", "given", "12.50")
    assert (thing.maker, thing.place, list(thing.tags.all())) == (maker, place, tags)
    assert thing.seen_at == datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
    assert thing.made_on == date(1987, 2, 3)
    assert thing.details == {"height": [1, None]}
    assert (thing.is_shown, thing.is_whole) == (True, False)
    assert answer["id"] == str(thing.pk)
    assert answer["url"].endswith(f"/awkward/awkward/thing/{thing.pk}/change/")
    assert answer["values"]["price"] == "12.50"
    assert answer["values"]["is_shown"] is True


def test_the_answer_has_the_version_that_get_record_has() -> None:
    caller = make_caller()

    answer = create("maker", caller=caller, name="Ida")

    seen = call(caller, "get_record", model="awkward.maker", id=answer["id"])
    assert answer["version"] == seen["version"]


def test_the_history_says_that_it_was_added_by_whom_and_through_what() -> None:
    caller = make_caller()

    answer = create("maker", caller=caller, name="Ida")

    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag) == (caller.user, ADDITION)
    assert entry.object_id == answer["id"]
    assert answer["history"] == entry.change_message == "Added. Via Claude Code."


def test_the_record_of_the_call_names_what_was_added() -> None:
    answer = create("maker", name="Ida")

    assert (last_call().model, last_call().object_id) == ("awkward.maker", answer["id"])


def test_what_the_page_fills_by_script_is_filled_and_said() -> None:
    answer = create("thing", name="Blue Jar", maker=str(make_maker().pk))

    assert Thing.objects.get().slug == "blue-jar"
    assert answer["filled"] == ["slug"]


def test_what_the_script_would_fill_may_be_given_or_be_left_empty() -> None:
    maker = str(make_maker().pk)

    given = create("thing", name="Blue Jar", maker=maker, slug="mine")
    empty = create("thing", name="Red Jar", maker=maker, slug="")

    assert [given["values"]["slug"], empty["values"]["slug"]] == ["mine", ""]
    assert "filled" not in given | empty


def test_what_the_admin_suggests_for_a_new_record_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Suggesting(admin.ModelAdmin):
        def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
            return {"name": f"By {request.user}", "is_retired": True}

    use_admin(monkeypatch, Maker, Suggesting)
    caller = make_caller()

    create("maker", caller=caller, is_retired=False)

    maker = Maker.objects.get()
    assert (maker.name, maker.is_retired) == (f"By {caller.user}", False)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "x"}, "maker"),
        ({"nam": "x"}, "nam"),
        ({"added_at": "2026-01-01T00:00:00Z"}, "added_at"),
        ({"name": "x", "price": "much"}, "price"),
        ({"name": "x", "place": "nowhere"}, "place"),
        ({"name": "x", "seen_at": "soon"}, "seen_at"),
    ],
    ids=str,
)
def test_a_wrong_or_missing_value_is_refused_by_its_field_and_nothing_is_added(
    values: dict[str, Any], field: str
) -> None:
    failure = refusal("thing", **values)

    assert failure.code == "invalid_values"
    assert field in failure.fields
    assert not Thing.objects.exists()
    assert last_call().outcome == "failed"


def test_what_the_form_demands_besides_is_named() -> None:
    assert refusal("thing", name="x").following == "The form also demands: maker."


def test_a_choice_outside_the_limits_of_the_form_is_refused() -> None:
    retired, sealed = make_maker(is_retired=True), make_place(is_sealed=True)

    failure = refusal("thing", name="x", maker=str(retired.pk), place=sealed.pk)

    assert failure.fields.keys() == {"maker", "place"}


def test_a_pair_that_is_taken_is_refused() -> None:
    taken = make_thing("Jar")

    failure = refusal("thing", name="Jar", maker=str(taken.maker_id))

    assert failure.fields.keys() == {"__all__"}
    assert Thing.objects.count() == 1


@pytest.mark.parametrize("key", ["a/b", "a_b", 'say "hi"', "ü ?#%&+", "_5F", "a\\b"])
def test_a_key_is_typed_in_once_and_kept_afterwards(key: str) -> None:
    caller = make_caller()

    answer = create("place", caller=caller, code=key, name="Cellar")

    assert answer["id"] == key
    place = {"model": "awkward.place", "id": key}
    call(caller, "update_record", **place, values={"name": "Attic"})
    assert Place.objects.get(pk=key).name == "Attic"
    failure = failure_of(caller, "update_record", **place, values={"code": "other"})
    assert failure.fields.keys() == {"code"}


def test_a_child_is_added_with_its_parent() -> None:
    answer = create(
        "painting", name="Harbour", maker=str(make_maker().pk), technique="Oil"
    )

    painting = Painting.objects.get()
    assert painting.technique == "Oil"
    assert Thing.objects.get().name == "Harbour"
    assert answer["id"] == str(painting.pk)


def test_what_the_user_cannot_see_afterwards_is_named_and_no_more() -> None:
    answer = create(
        "shownthing", name="Jar", maker=str(make_maker().pk), is_shown=False
    )

    pk = ShownThing.objects.get().pk
    assert answer == {
        "model": "awkward.shownthing",
        "id": str(pk),
        "label": "Jar",
        "hidden": True,
        "history": "Added. Via Claude Code.",
    }


def test_who_may_only_add_adds_and_sees_nothing() -> None:
    caller = make_caller(make_user(permissions=("awkward.add_maker",)))

    answer = create("maker", caller=caller, name="Ida")

    assert answer["hidden"] is True
    assert "values" not in answer
    failure = failure_of(caller, "get_record", model="awkward.maker", id=answer["id"])
    assert failure.code == "unknown_model"


def test_who_may_not_add_is_told_the_permission_that_is_missing() -> None:
    caller = make_caller(make_user(permissions=("awkward.view_maker",)))

    failure = refusal("maker", caller=caller, name="Ida")

    assert failure.code == "permission_missing"
    assert "awkward.add_maker" in failure.message
    assert not Maker.objects.exists()
    assert last_call().outcome == "refused"


def test_a_field_that_the_form_locks_for_this_user_is_not_set() -> None:
    rights = ("awkward.view_thing", "awkward.add_thing", "awkward.view_maker")
    caller = make_caller(make_user(permissions=rights))
    maker = str(make_maker().pk)

    failure = refusal("thing", caller=caller, name="x", maker=maker, remark="y")

    assert failure.fields.keys() == {"remark"}


def test_a_model_that_is_withheld_is_unknown() -> None:
    failure = failure_of(
        make_caller(), "create_record", model="auth.user", values={"username": "eve"}
    )

    assert failure.code == "unknown_model"


def test_a_record_that_the_sites_own_code_does_not_save_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Idle(admin.ModelAdmin):
        def save_model(self, *_args: Any, **_kwargs: Any) -> None: ...

        def log_addition(self, *_args: Any, **_kwargs: Any) -> Any: ...

    use_admin(monkeypatch, Tag, Idle)

    assert refusal("tag", name="a").code == "not_applied"


def test_what_the_sites_own_code_puts_in_its_place_is_no_success(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stubborn(admin.ModelAdmin):
        def save_model(self, request: Any, obj: Any, form: Any, change: Any) -> None:
            obj.name = "Somebody"
            super().save_model(request, obj, form, change)

    use_admin(monkeypatch, Maker, Stubborn)

    failure = refusal("maker", name="Ida")

    assert (failure.code, failure.fields.keys()) == ("not_applied", {"name"})
    assert not Maker.objects.exists()
    assert not LogEntry.objects.exists()
