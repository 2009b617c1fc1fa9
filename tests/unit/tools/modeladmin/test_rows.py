"""Rows are added, changed and deleted on the page of their record, within its rules."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from agent_connector.tools.modeladmin.rows import NOT_DELETABLE
from tests.awkward.admin import PartInline
from tests.awkward.models import Note, Part, Thing
from tests.awkward.things import make_maker, make_thing, work_on_awkward_site
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOTES = "awkward-note-content_type-object_id"


@pytest.fixture(autouse=True)
def _awkward_site(settings: Any) -> None:
    work_on_awkward_site(settings)


def arguments(caller: Any, thing: Any, **parts: Any) -> dict[str, Any]:
    """Return a call that changes parts of the thing, seen a moment ago."""
    record = {"model": thing._meta.label_lower, "id": thing.pk}
    seen = call(caller, "get_record", **record)
    inlines = parts.pop("inlines", {"parts": parts})
    return {**record, "expected_version": seen["version"], "inlines": inlines}


def change(thing: Any, *, caller: Any = None, **parts: Any) -> dict[str, Any]:
    who = caller or make_caller()
    return call(who, "update_record", **arguments(who, thing, **parts))


def refusal(thing: Any, *, caller: Any = None, **parts: Any) -> Any:
    who = caller or make_caller()
    return failure_of(who, "update_record", **arguments(who, thing, **parts))


def names_of(thing: Thing) -> list[str]:
    return sorted(thing.parts.values_list("name", flat=True))


def may(*rights: str) -> Any:
    """Return a caller who may change things, and this of parts."""
    permissions = ("awkward.change_thing", *(f"awkward.{one}_part" for one in rights))
    return make_caller(make_user(permissions=permissions))


def test_rows_are_added_changed_and_deleted_at_once_and_others_left_alone() -> None:
    thing = make_thing(parts=("lid", "foot", "ear"))
    lid, foot = thing.parts.get(name="lid"), thing.parts.get(name="foot")
    ear = thing.parts.values().get(name="ear")

    answer = change(
        thing,
        add=[{"name": "neck", "checked_at": "2026-05-01T10:00:00Z"}],
        change=[{"id": str(lid.pk), "values": {"count": 2}}],
        delete=[str(foot.pk)],
    )

    assert names_of(thing) == ["ear", "lid", "neck"]
    assert thing.parts.values().get(name="ear") == ear
    done = answer["inlines"]["parts"]
    neck = {"id": str(thing.parts.get(name="neck").pk), "name": "neck", "count": 1}
    assert done["added"][0].items() >= neck.items()
    counted = {"count": {"before": 1, "after": 2}}
    assert done["changed"] == [{"id": str(lid.pk), "changed": counted}]
    assert done["deleted"] == [str(foot.pk)]


def test_the_history_speaks_of_rows_as_the_page_does() -> None:
    thing = make_thing(parts=("lid",))

    answer = change(thing, delete=[str(thing.parts.get().pk)])

    assert answer["history"] == "Deleted part “lid”. Via Claude Code."
    assert LogEntry.objects.get().change_message == answer["history"]


def test_a_new_record_gets_rows() -> None:
    answer = call(
        make_caller(),
        "create_record",
        model="awkward.thing",
        values={"name": "Jar", "maker": str(make_maker().pk)},
        inlines={"parts": {"add": [{"name": "lid"}, {"name": "foot", "count": 4}]}},
    )

    assert names_of(Thing.objects.get()) == ["foot", "lid"]
    assert [row["count"] for row in answer["inlines"]["parts"]["added"]] == [1, 4]
    assert "Added part “lid”." in answer["history"]


def test_rows_tied_by_a_generic_key_are_changed_and_added() -> None:
    thing = make_thing()
    note = Note.objects.create(text="old", about=thing)

    change(
        thing,
        inlines={
            NOTES: {
                "add": [{"text": "more"}],
                "change": [{"id": note.pk, "values": {"text": "new"}}],
            }
        },
    )

    assert sorted(thing.notes.values_list("text", flat=True)) == ["more", "new"]


def test_a_new_record_with_a_key_of_its_own_making_gets_rows() -> None:
    answer = call(
        make_caller(),
        "create_record",
        model="awkward.maker",
        values={"name": "Ida"},
        inlines={NOTES: {"add": [{"text": "x"}]}},
    )

    assert Note.objects.get().object_id == answer["id"]


def test_two_inlines_of_one_model_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Whole(PartInline):
        max_num = 9

    class Things(admin.ModelAdmin):
        fields = ("name",)
        inlines = (PartInline, Whole)

    use_admin(monkeypatch, Thing, Things)
    thing = make_thing(parts=("lid",))
    pk = str(thing.parts.get().pk)

    done = change(
        thing,
        inlines={"parts-2": {"change": [{"id": pk, "values": {"count": 2}}]}},
    )

    assert list(done["inlines"]) == ["parts-2"]
    assert thing.parts.get().count == 2


def test_a_row_of_another_record_is_no_row_here() -> None:
    """Nor is one that does not exist, in the same words."""
    thing, other = make_thing(parts=("lid",)), make_thing(parts=("rim",))
    foreign, missing = str(other.parts.get().pk), "00000000-0000-0000-0000-000000000000"

    told = [
        refusal(thing, change=[{"id": pk, "values": {"name": "taken"}}]).fields
        for pk in (foreign, missing)
    ]
    told += [refusal(thing, delete=[pk]).fields for pk in (foreign, missing)]

    assert [list(fields) for fields in told] == [
        [f"parts[{pk}]"] for pk in (foreign, missing) * 2
    ]
    assert len({words for fields in told for [words] in fields.values()}) == 1
    assert names_of(other) == ["rim"]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"thing": "2"}, id="its parent"),
        pytest.param({"id": "00000000-0000-0000-0000-000000000000"}, id="its key"),
        pytest.param({"DELETE": True}, id="the box for deleting"),
        pytest.param({"shown_count": "7"}, id="a calculated value"),
        pytest.param({"colour": "red"}, id="an unknown field"),
    ],
)
def test_what_no_row_lets_be_set_is_refused_and_what_it_does_is_named(
    values: dict[str, Any],
) -> None:
    thing = make_thing(parts=("lid",))
    pk = str(thing.parts.get().pk)

    changed = refusal(thing, change=[{"id": pk, "values": values}])
    added = refusal(thing, add=[{"name": "rim"} | values])

    assert list(changed.fields) == [f"parts[{pk}].{next(iter(values))}"]
    assert list(added.fields) == [f"parts.add[0].{next(iter(values))}"]
    assert changed.allowed == ["name", "count", "checked_at"]


@pytest.mark.parametrize(
    ("inlines", "told"),
    [
        ({"pieces": {}}, "`pieces`"),
        ({"parts": {"remove": []}}, "`remove`"),
        ({"parts": {"change": [{"id": 1}]}}, "`values`"),
        ({"parts": {"change": [{"id": 1, "values": {}}]}}, "length"),
        ({"parts": {"change": [{"id": 1, "values": {}, "name": "x"}]}}, ""),
    ],
    ids=str,
)
def test_a_shape_that_is_wrong_is_refused(inlines: Any, told: str) -> None:
    failure = refusal(make_thing(), inlines=inlines)

    assert failure.code in {"invalid_arguments", "invalid_values"}
    assert told in failure.message


def test_the_rules_of_a_row_hold_and_are_told_by_its_field() -> None:
    thing = make_thing(parts=("lid",))
    pk = str(thing.parts.get().pk)

    failure = refusal(
        thing,
        add=[{"count": 2}, {"name": "rim", "count": -1}],
        change=[{"id": pk, "values": {"name": ""}}],
    )

    assert failure.code == "invalid_values"
    assert failure.fields.keys() == {
        *("parts.add[0].name", "parts.add[1].count", f"parts[{pk}].name")
    }
    assert failure.following == "The form also demands: parts.add[0].name."
    assert names_of(thing) == ["lid"]


def test_two_rows_that_exclude_each_other_are_refused() -> None:
    thing = make_thing()

    failure = refusal(thing, add=[{"name": "lid"}, {"name": "lid"}])

    assert "parts" in failure.fields
    assert names_of(thing) == []


def test_the_page_has_room_for_so_many_rows() -> None:
    thing = make_thing(parts=("a", "b", "c"))

    failure = refusal(thing, add=[{"name": "d"}, {"name": "e"}])

    assert failure.fields.keys() == {"parts"}
    assert names_of(thing) == ["a", "b", "c"]


def test_rows_that_the_page_does_not_delete_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = type("Kept", (PartInline,), {"can_delete": False})
    use_admin(
        monkeypatch, Thing, type("Things", (admin.ModelAdmin,), {"inlines": [kept]})
    )
    thing = make_thing(parts=("lid",))

    failure = refusal(thing, delete=[str(thing.parts.get().pk)])

    assert failure.fields == {"parts": [NOT_DELETABLE]}
    assert names_of(thing) == ["lid"]


def test_a_new_row_without_any_value_is_no_success() -> None:
    thing = make_thing()

    failure = refusal(thing, add=[{}])

    assert (failure.code, list(failure.fields)) == ("not_applied", ["parts.add[0]"])


def test_a_row_is_named_once() -> None:
    thing = make_thing(parts=("lid",))
    pk = str(thing.parts.get().pk)

    failure = refusal(thing, change=[{"id": pk, "values": {"count": 2}}], delete=[pk])

    assert failure.fields.keys() == {f"parts[{pk}]"}
    assert thing.parts.get().count == 1


def test_rows_that_hold_these_values_already_change_nothing() -> None:
    thing = make_thing(parts=("lid",))

    answer = change(
        thing, change=[{"id": str(thing.parts.get().pk), "values": {"count": 1}}]
    )

    assert "history" not in answer
    assert "inlines" not in answer
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("granted", "asked"),
    [
        (("view", "change", "delete"), "add"),
        (("view", "add", "delete"), "change"),
        (("view", "add", "change"), "delete"),
    ],
)
def test_each_act_on_rows_needs_its_own_permission(
    granted: tuple[str, ...], asked: str
) -> None:
    thing = make_thing(parts=("lid",))
    pk = str(thing.parts.get().pk)
    acts: dict[str, Any] = {
        "add": [{"name": "rim"}],
        "change": [{"id": pk, "values": {"count": 7}}],
        "delete": [pk],
    }

    failure = refusal(thing, caller=may(*granted), **{asked: acts[asked]})

    assert failure.code == "permission_missing"
    assert f"awkward.{asked}_part" in failure.message
    others = {act: acts[act] for act in acts if act not in {asked, "change"}}
    assert change(thing, caller=may(*granted), **others)["history"]


def test_rows_out_of_sight_are_no_rows_even_for_who_may_add_some() -> None:
    thing = make_thing(parts=("lid",))
    caller = may("add", "delete")

    failure = refusal(thing, caller=caller, delete=[str(thing.parts.get().pk)])
    change(thing, caller=caller, add=[{"name": "rim"}])

    assert failure.code == "invalid_values"
    assert names_of(thing) == ["lid", "rim"]


def test_rows_that_the_user_may_not_know_of_have_no_name_here() -> None:
    failure = refusal(make_thing(), caller=may(), add=[{"name": "rim"}])

    assert failure.code == "invalid_values"
    assert failure.allowed == []


def test_rows_are_added_only_to_the_version_that_was_seen() -> None:
    """Else a call that a client repeats would add them twice."""
    thing, caller = make_thing(), make_caller()
    call_again = arguments(caller, thing, add=[{"name": "lid"}])
    unseen = {**call_again, "expected_version": ""}

    call(caller, "update_record", **call_again)

    assert failure_of(caller, "update_record", **call_again).code == "conflict"
    assert failure_of(caller, "update_record", **unseen).code == "invalid_arguments"
    assert names_of(thing) == ["lid"]


def test_a_row_that_somebody_changed_meanwhile_is_a_conflict() -> None:
    thing, caller = make_thing(parts=("lid",)), make_caller()
    stale = arguments(caller, thing, delete=[str(thing.parts.get().pk)])
    Part.objects.update(count=3)

    assert failure_of(caller, "update_record", **stale).code == "conflict"


def test_rows_of_a_child_model_are_those_of_its_parent() -> None:
    maker = str(make_maker().pk)
    answer = call(
        make_caller(),
        "create_record",
        model="awkward.painting",
        values={"name": "Harbour", "maker": maker, "technique": "Oil"},
        inlines={
            "parts": {"add": [{"name": "frame"}]},
            NOTES: {"add": [{"text": "x"}]},
        },
    )
    painting = Thing.objects.get().painting

    change(
        painting,
        change=[
            {"id": answer["inlines"]["parts"]["added"][0]["id"], "values": {"count": 2}}
        ],
    )

    assert painting.parts.get().count == 2
