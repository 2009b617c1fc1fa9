"""Changes go through admins that use whatever Django lets them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from agent_connector.models import ToolCall
from tests import wire
from tests.awkward.models import Maker, Painting, Place, ShownThing, Tag, Thing
from tests.awkward.things import (
    make_maker,
    make_place,
    make_thing,
    work_on_awkward_site,
)
from tests.callers import call, failure_of, make_caller
from tests.factories import make_user
from tests.wire import access_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _awkward_site(settings: Any) -> None:
    work_on_awkward_site(settings)


def update(record: Any, *, caller: Any = None, **values: Any) -> dict[str, Any]:
    who = caller or make_caller()
    model = record._meta.label_lower
    return call(who, "update_record", model=model, id=str(record.pk), values=values)


def refusal(record: Any, *, caller: Any = None, **values: Any) -> Any:
    who = caller or make_caller()
    model = record._meta.label_lower
    return failure_of(
        who, "update_record", model=model, id=str(record.pk), values=values
    )


def test_a_record_that_the_site_lets_nobody_change_is_refused_and_others_not() -> None:
    """As backends with permissions by object do."""
    sealed, free = make_place(is_sealed=True), make_place()

    assert refusal(sealed, name="x").code == "permission_missing"
    assert update(free, name="x")["history"]
    assert Place.objects.get(pk=sealed.pk).name == sealed.name


def test_a_record_with_a_uuid_is_changed() -> None:
    maker = make_maker("Ida")

    answer = update(maker, name="Ada")

    assert answer["id"] == str(maker.pk)
    assert Maker.objects.get(pk=maker.pk).name == "Ada"


@pytest.mark.parametrize("key", ["not-a-uuid", "", "1", "x" * 255])
def test_a_key_of_another_kind_is_no_record(key: str) -> None:
    failure = failure_of(
        make_caller(),
        "update_record",
        model="awkward.maker",
        id=key,
        values={"name": "x"},
    )

    assert failure.code in {"not_found", "invalid_arguments"}


def test_the_fields_of_a_child_and_of_its_parent_are_changed_together() -> None:
    maker = make_maker()
    painting = Painting.objects.create(name="Harbour", maker=maker, technique="Oil")

    answer = update(painting, name="Quay", technique="Ink")

    painting = Painting.objects.get(pk=painting.pk)
    assert (painting.name, painting.technique) == ("Quay", "Ink")
    assert answer["changed"].keys() == {"name", "technique"}


def test_a_proxy_has_permissions_of_its_own() -> None:
    thing = make_thing()
    proxy = ShownThing.objects.get(pk=thing.pk)
    rights = ("awkward.change_shownthing", "awkward.view_maker")
    caller = make_caller(make_user(permissions=rights))

    assert update(proxy, caller=caller, name="Jug")["history"]
    assert refusal(thing, caller=caller, name="Jar").code == "unknown_model"


def test_what_the_admin_of_a_proxy_leaves_out_is_not_found() -> None:
    hidden = make_thing(is_shown=False)
    proxy = ShownThing.objects.get(pk=hidden.pk)

    assert refusal(proxy, name="x").code == "not_found"


def test_widgets_of_every_kind_keep_what_nobody_asked_about() -> None:
    thing = make_thing(
        seen_at=datetime(2026, 5, 1, 10, 30, 15, tzinfo=UTC),
        made_on=date(1987, 2, 3),
        details={"a": [1, "ü", None]},
        is_whole=None,
        place=make_place('say "a/b_c"'),
        price="1234.50",
        remark="a\nb",
    )
    before = Thing.objects.values().get(pk=thing.pk)

    answer = update(thing, kind="bought")

    assert answer["changed"].keys() == {"kind"}
    assert Thing.objects.values().get(pk=thing.pk) == before | {"kind": "bought"}


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("made_on", "1999-12-31", date(1999, 12, 31)),
        ("made_on", None, None),
        ("seen_at", None, None),
        ("details", [1, {"b": False}], [1, {"b": False}]),
        ("details", {}, {}),
        ("is_whole", True, True),
        ("is_whole", None, None),
        ("is_shown", False, False),
        ("place", None, None),
    ],
    ids=str,
)
def test_each_kind_of_value_is_stored(field: str, value: Any, stored: Any) -> None:
    thing = make_thing(
        made_on=date(1987, 2, 3),
        seen_at=datetime(2026, 5, 1, tzinfo=UTC),
        details={"a": 1},
        is_whole=False,
        place=make_place(),
    )

    update(thing, **{field: value})

    assert getattr(Thing.objects.get(pk=thing.pk), field) == stored


def test_chosen_records_may_be_sent_as_they_are() -> None:
    thing = make_thing()
    tag = Tag.objects.create(name="a")
    thing.tags.add(tag)

    answer = update(thing, name="Jar", tags=[tag.pk])

    assert answer["changed"].keys() == {"name"}
    assert list(thing.tags.all()) == [tag]


def test_numbers_are_kept_where_the_site_groups_digits(settings: Any) -> None:
    settings.USE_THOUSAND_SEPARATOR = True
    thing = make_thing(price="1234567.50")

    answer = update(thing, price="7654321.25", name="Jar")

    assert answer["changed"]["price"]["after"] == "7654321.25"


def test_a_choice_that_has_meanwhile_become_impossible_has_to_be_mended() -> None:
    """As on the page: the retired maker is no choice of the form."""
    thing = make_thing(maker=make_maker(is_retired=True))

    failure = refusal(thing, name="Jar")

    assert failure.fields.keys() == {"maker"}
    assert "maker" in failure.following


def test_what_the_form_locks_for_this_user_is_read_only() -> None:
    thing = make_thing(remark="old")
    rights = ("awkward.change_thing", "awkward.view_maker")
    caller = make_caller(make_user(permissions=rights))

    failure = refusal(thing, caller=caller, remark="new")
    update(thing, caller=caller, name="Jar")

    assert failure.fields.keys() == {"remark"}
    assert Thing.objects.get(pk=thing.pk).remark == "old"


def test_no_copy_is_saved_where_the_page_offers_it() -> None:
    thing = make_thing()

    update(thing, name="Jar")

    assert Thing.objects.count() == 1


def test_a_field_of_the_list_that_is_edited_there_is_edited_here_by_the_same_rules() -> (
    None
):
    thing = make_thing(price="5.00")

    assert refusal(thing, price="-1e99").fields.keys() == {"price"}
    assert update(thing, price="6.00")["changed"]["price"]["after"] == "6.00"


@pytest.mark.parametrize("wraps", [True, False])
def test_a_site_may_wrap_its_requests_in_transactions(
    wraps: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", wraps)
    maker, token = make_maker("Ida"), access_token()
    record = {"model": "awkward.maker", "id": str(maker.pk)}

    wire.call(token, "update_record", **record, values={"name": ""})
    wire.call(token, "update_record", **record, values={"name": "Ada"})

    assert Maker.objects.get().name == "Ada"
    outcomes = ToolCall.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["failed", "done"]
