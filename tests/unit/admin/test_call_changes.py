"""What a call changed, as its page shows it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from agent_connector.admin import call_changes
from agent_connector.admin.call_changes import changes_of, value_cell
from agent_connector.admin.record_links import RecordLinks
from agent_connector.models import ChangedRecord, ToolCall
from panel.site import site
from tests.calls import make_call
from tests.factories import NOON, make_admin, make_user
from tests.screens import signed_in, text_of

pytestmark = pytest.mark.django_db

LIST = "/admin/agent_connector/toolcall/"
CALLS = "agent_connector.view_toolcall"
PRICE = {"model": "shop.product", "id": "7", "field": "price"}


def make_change(*items: dict[str, Any], ids: tuple[str, ...] = ("7",)) -> ToolCall:
    made = make_call(tool="update_record", model="shop.product", changes=list(items))
    for pk in ids:
        ChangedRecord.objects.create(
            tool_call=made, model="shop.product", object_id=pk, at=NOON
        )
    return made


def shown(made: ToolCall, *, with_values: bool = True) -> call_changes.Changes:
    request = RequestFactory().get("/")
    request.user = make_admin(username="")
    return changes_of(made, RecordLinks(site, request), with_values=with_values)


def page_of(made: ToolCall, *permissions: str) -> str:
    viewer = make_user(permissions=permissions) if permissions else make_admin()
    return text_of(signed_in(viewer).get(f"{LIST}{made.pk}/"))


def test_the_page_shows_each_field_before_and_after() -> None:
    made = make_change(
        {**PRICE, "before": "49.00", "after": "45.00"},
        {
            **PRICE,
            "field": "status",
            "before": {"value": "draft", "label": "Draft"},
            "after": {"value": "on_sale", "label": "On sale"},
        },
    )

    text = page_of(made)

    assert "shop.product #7 Changed History" in text
    assert "Field Before After Price Before 49.00 After 45.00" in text
    assert "Status Before Draft After On sale" in text


def test_values_need_the_permission_that_arguments_need() -> None:
    made = make_change({**PRICE, "before": "49.00", "after": "45.00"})

    text = page_of(made, CALLS)
    full = page_of(made, CALLS, f"{CALLS}_arguments")

    assert "shop.product #7" in text
    assert "not their values" in text
    assert "49.00" not in text
    assert "Price" not in text
    assert "49.00" in full


def test_record_and_history_are_links_for_whoever_may_see_them() -> None:
    made = make_change({**PRICE, "after": "1"})
    auditor = make_user(permissions=(CALLS,))

    page = signed_in(make_admin()).get(f"{LIST}{made.pk}/").content.decode()
    without = signed_in(auditor).get(f"{LIST}{made.pk}/").content.decode()

    for place in ("change", "history"):
        assert f"/admin/shop/product/7/{place}/" in page
        assert f"/admin/shop/product/7/{place}/" not in without


@pytest.mark.parametrize(
    ("sides", "what"),
    [
        ({"before": 1, "after": 2}, "Changed"),
        ({"after": 2}, "Added"),
        ({"before": 1}, "Deleted"),
    ],
)
def test_it_is_said_what_became_of_a_record(sides: dict[str, int], what: str) -> None:
    [record] = shown(make_change({**PRICE, **sides})).records

    assert record.what == what


def test_what_is_deleted_has_no_pages_any_more() -> None:
    [there] = shown(make_change({**PRICE, "after": 1})).records
    [gone] = shown(make_change({**PRICE, "before": 1})).records

    assert there.url.endswith("/change/")
    assert there.history_url.endswith("/history/")
    assert (gone.url, gone.history_url) == ("", "")


@pytest.mark.parametrize(
    ("model", "field", "label"),
    [
        ("shop.orderline", "unit_price", "Unit price"),
        ("shop.product", "nonsense", "nonsense"),
        ("gone.model", "price", "price"),
        ("gone", "price", "price"),
    ],
)
def test_a_field_is_called_as_people_call_it(
    model: str, field: str, label: str
) -> None:
    change = {"model": model, "id": "7", "field": field, "after": 1}
    made = make_change(change)
    made.changed_records.update(model=model)

    [record] = shown(made).records

    assert [one.label for one in record.fields] == [label]


def test_a_record_without_values_is_named_all_the_same() -> None:
    [record] = shown(make_change()).records

    assert (record.name, record.what, record.fields) == ("shop.product #7", "", [])


def test_so_many_records_are_shown_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call_changes, "MAX_RECORDS", 2)
    made = make_change({"left_out": 5}, ids=("1", "1", "2", "3"))

    changes = shown(made)

    assert [one.name for one in changes.records] == [
        "shop.product #1",
        "shop.product #2",
    ]
    assert (changes.more_records, changes.values_left_out) == (1, 5)
    text = page_of(made)
    assert "and 1 more record" in text
    assert "5 more values were changed than the record keeps." in text


def test_what_is_not_shown_is_not_read_from_the_database() -> None:
    made = make_change({**PRICE, "after": "1"})
    deferred = ToolCall.objects.defer("changes").get(pk=made.pk)

    shown(deferred, with_values=False)

    assert "changes" in deferred.get_deferred_fields()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        ("<b>", "&lt;b&gt;"),
        ({"id": "3", "label": "Lamps"}, "Lamps"),
        ([{"id": "3", "label": "Lamps"}, "x", 1], "Lamps, x, 1"),
        ({"a": [1]}, "{&quot;a&quot;: [1]}"),
        (1.5, "1.5"),
    ],
)
def test_values_are_words(value: Any, words: str) -> None:
    assert value_cell(value) == words


@pytest.mark.parametrize("value", [None, "", []])
def test_an_empty_value_is_a_dash(value: Any) -> None:
    assert "none" in value_cell(value)
