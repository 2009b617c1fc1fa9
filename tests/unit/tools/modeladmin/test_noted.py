"""Each act leaves on the record what it changed, from what to what."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse

from agent_connector.models import ChangedRecord, ToolCall
from agent_connector.tools import AgentAccess
from agent_connector.tools.modeladmin import noted
from panel.shop.models import Category, Order, Product
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.factories import make_user
from tests.narrowing import hide_phone, narrowed_admin
from tests.panel.shop import make_category, make_customer, make_order, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller() -> Any:
    return make_caller(level="delete")


def changes() -> list[tuple[Any, ...]]:
    """Return what the last call changed, as (model, field, before, after)."""
    return [
        (
            one["model"],
            one["field"],
            one.get("before", "absent"),
            one.get("after", "absent"),
        )
        for one in last_call().changes
    ]


def linked() -> dict[tuple[str, str], list[str]]:
    """Return what the history says of each record that the last call changed."""
    found: dict[tuple[str, str], list[str]] = {}
    entries = LogEntry.objects.in_bulk()
    for row in ChangedRecord.objects.filter(tool_call=last_call()).order_by("pk"):
        words = found.setdefault((row.model, row.object_id), [])
        if row.log_entry_id is not None:
            words.append(entries[row.log_entry_id].get_change_message())
    return found


def delete(caller: Any, *records: Any, **more: Any) -> None:
    model = records[0]._meta.label_lower
    about = {"model": model, "ids": [record.pk for record in records], **more}
    confirm = call(caller, "preview_change", kind="delete", **about)["confirm"]
    call(caller, "delete_records", **about, confirm=confirm)


def run(caller: Any, **act: Any) -> dict[str, Any]:
    confirm = call(caller, "preview_change", kind="action", **act)["confirm"]
    return call(caller, "run_action", confirm=confirm, **act)


def test_a_change_is_noted_with_both_values_and_its_entry(caller: Any) -> None:
    kettle = make_product("Kettle", stock=3)

    values = {"name": "Pot", "stock": 0, "price": "42.00"}
    call(caller, "update_record", model="shop.product", id=kettle.pk, values=values)

    assert changes() == [
        ("shop.product", "name", "Kettle", "Pot"),
        ("shop.product", "stock", 3, 0),
    ]
    assert linked() == {
        ("shop.product", str(kettle.pk)): ["Changed Name and Stock. Via Claude Code."]
    }
    assert ChangedRecord.objects.get().at == last_call().at


def test_where_nothing_changed_nothing_is_noted(caller: Any) -> None:
    kettle = make_product("Kettle")

    values = {"name": "Kettle"}
    call(caller, "update_record", model="shop.product", id=kettle.pk, values=values)

    assert (changes(), linked()) == ([], {})


def test_what_failed_leaves_no_trace_of_values(caller: Any) -> None:
    kettle = make_product("Kettle")

    values = {"name": "Pot", "price": "-1"}
    failure_of(
        caller, "update_record", model="shop.product", id=kettle.pk, values=values
    )

    assert (changes(), linked()) == ([], {})


def test_a_created_record_is_noted_with_what_was_filled_in(caller: Any) -> None:
    values = {"name": "Lamps", "slug": "lamps", "description": ""}
    call(caller, "create_record", model="shop.category", values=values)

    assert changes() == [
        ("shop.category", "name", "absent", "Lamps"),
        ("shop.category", "slug", "absent", "lamps"),
    ]
    key = ("shop.category", str(Category.objects.get().pk))
    assert linked() == {key: ["Added. Via Claude Code."]}


def test_what_its_creator_may_not_view_is_on_record_all_the_same() -> None:
    writer = make_caller(make_user(permissions=("shop.add_category",)))

    values = {"name": "Lamps", "slug": "lamps"}
    answer = call(writer, "create_record", model="shop.category", values=values)

    assert answer["hidden"]
    assert "values" not in answer
    assert ("shop.category", "name", "absent", "Lamps") in changes()


def test_rows_are_noted_as_records_of_their_own(caller: Any) -> None:
    order = make_order(lines=((1, "2.00"), (5, "3.00")))
    first, second = order.lines.order_by("pk")
    seen = call(caller, "get_record", model="shop.order", id=order.pk)
    cup = make_product("Cup", price=4)

    rows = {
        "add": [{"product": str(cup.pk), "quantity": 9}],
        "change": [{"id": str(first.pk), "values": {"quantity": 2}}],
        "delete": [str(second.pk)],
    }
    call(
        caller,
        "update_record",
        model="shop.order",
        id=order.pk,
        inlines={"lines": rows},
        expected_version=seen["version"],
    )

    told = changes()
    assert ("shop.orderline", "quantity", 1, 2) in told
    assert ("shop.orderline", "quantity", 5, "absent") in told
    assert ("shop.orderline", "quantity", "absent", 9) in told
    added = order.lines.latest("pk")
    assert {key for model, key in linked() if model == "shop.orderline"} == {
        str(one.pk) for one in (first, second, added)
    }
    assert len(linked()["shop.order", str(order.pk)]) == 1


@pytest.mark.parametrize("number", [1, 2])
def test_a_deleted_record_is_noted_with_what_it_held(caller: Any, number: int) -> None:
    shelves = [make_category(f"Shelf {index}") for index in range(number)]
    keys = [("shop.category", str(one.pk)) for one in shelves]

    delete(caller, *shelves)

    told = [one for one in changes() if one[1] == "name"]
    assert sorted(told) == [
        ("shop.category", "name", f"Shelf {index}", "absent") for index in range(number)
    ]
    assert sorted(linked()) == sorted(keys)
    assert all(len(words) == 1 for words in linked().values())


def test_a_record_that_the_site_keeps_is_noted_as_changed(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keeping(admin.ModelAdmin):
        def delete_model(self, _request: Any, obj: Any) -> None:
            Category.objects.filter(pk=obj.pk).update(description="gone")

        def log_deletions(self, _request: Any, _queryset: Any) -> Any:
            return []

    use_admin(monkeypatch, Category, Keeping)
    shelf = make_category("Shelf")

    delete(caller, shelf)

    assert changes() == [("shop.category", "description", "", "gone")]
    assert linked() == {("shop.category", str(shelf.pk)): []}


def test_an_action_is_noted_with_what_it_changed_and_what_it_logged(
    caller: Any,
) -> None:
    paid, new = make_order(), make_order(status=Order.Status.NEW)

    run(caller, model="shop.order", action="mark_as_shipped", ids=[paid.pk, new.pk])

    status, shipped = changes()
    assert status == (
        *("shop.order", "status"),
        {"value": "paid", "label": "Paid"},
        {"value": "shipped", "label": "Shipped"},
    )
    assert shipped[1:3] == ("shipped_at", None)
    assert linked() == {
        ("shop.order", str(paid.pk)): ["Marked as shipped. Via Claude Code."]
    }


def test_a_page_in_between_has_changed_nothing(caller: Any) -> None:
    kettle = make_product("Kettle", stock=1)
    about: dict[str, Any] = {
        "model": "shop.product",
        "action": "restock",
        "ids": [kettle.pk],
    }

    asked = run(caller, **about)
    assert (last_call().outcome, changes(), linked()) == ("asked", [], {})
    form = {"pieces": "4"}
    call(caller, "run_action", **about, form=form, confirm=asked["confirm"])

    assert changes() == [("shop.product", "stock", 1, 5)]
    assert list(linked()) == [("shop.product", str(kettle.pk))]


def let_act(monkeypatch: pytest.MonkeyPatch, do: Any, **more: Any) -> None:
    @admin.action(description="Act")
    def act(_model_admin: Any, _request: Any, queryset: Any) -> Any:
        return do(queryset)

    use_admin(
        monkeypatch,
        Category,
        type("Acting", (admin.ModelAdmin,), {"actions": [act], **more}),
    )


def test_an_action_that_deletes_is_noted_as_that(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_act(monkeypatch, lambda queryset: queryset.delete() and None)
    shelf = make_category("Shelf")
    pk = str(shelf.pk)

    run(caller, model="shop.category", action="act", ids=[shelf.pk])

    assert ("shop.category", "name", "Shelf", "absent") in changes()
    assert list(linked()) == [("shop.category", pk)]


def test_an_action_that_only_reads_is_noted_as_nothing(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_act(monkeypatch, lambda _queryset: HttpResponse("a,b", content_type="text/csv"))
    shelf = make_category("Shelf")

    run(caller, model="shop.category", action="act", ids=[shelf.pk])

    assert (changes(), linked()) == ([], {})


def test_of_many_records_all_are_noted_and_the_values_of_the_first(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noted, "MAX_VALUED", 2)
    shelves = [make_category(f"Shelf {index}") for index in range(4)]

    delete(caller, *shelves)

    assert len(linked()) == 4
    assert len([one for one in changes() if one[1] == "name"]) == 2


@pytest.mark.parametrize("act", ["update", "create", "delete"])
def test_a_field_that_is_hidden_from_agents_is_never_noted(
    caller: Any, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    customer = hide_phone(monkeypatch)
    if act == "update":
        values = {"city": "Bray"}
        about = {"model": "shop.customer", "id": customer.pk}
        call(caller, "update_record", **about, values=values)
    elif act == "create":
        like = make_customer()
        names = ("first_name", "last_name", "country")
        values = {name: getattr(like, name) for name in names}
        values |= {"email": "x@example.com", "joined_at": "2026-01-01T00:00:00Z"}
        call(caller, "create_record", model="shop.customer", values=values)
    else:
        delete(caller, customer)

    assert last_call().outcome == "done"
    assert changes()
    assert "phone" not in {field for _, field, *_ in changes()}
    assert customer.phone not in str(last_call().changes)


def test_what_an_action_did_to_a_hidden_field_is_not_noted_but_that_it_acted(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty(queryset: Any) -> None:
        queryset.update(description="hunter2")

    access = AgentAccess(hidden_fields=("description",))
    let_act(monkeypatch, empty, agent_access=access)
    shelf = make_category("Shelf")

    run(caller, model="shop.category", action="act", ids=[shelf.pk])

    assert changes() == []
    assert linked() == {("shop.category", str(shelf.pk)): ["Act. Via Claude Code."]}


def test_a_field_that_the_page_does_not_show_is_not_noted(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrowed_admin(
        monkeypatch, Product, AgentAccess(), fieldsets=None, fields=["name", "category"]
    )
    kettle = make_product("Kettle", description="internal")

    delete(caller, kettle)

    assert {field for _, field, *_ in changes()} == {"name", "category"}


def test_nothing_of_a_change_stays_when_its_call_is_undone(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kettle = make_product("Kettle")
    monkeypatch.setattr(
        "agent_connector.tools.call._require_still", lambda *_, **__: 1 // 0
    )

    values = {"name": "Pot"}
    failure_of(
        caller, "update_record", model="shop.product", id=kettle.pk, values=values
    )

    assert not ChangedRecord.objects.exists()
    assert not LogEntry.objects.exists()
    assert ToolCall.objects.get().changes == []


def test_values_that_the_site_cannot_tell_do_not_break_the_act(
    caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_facts: Any, **_options: Any) -> Any:
        raise RuntimeError("a site's own code")

    monkeypatch.setattr(noted, "field_value", fail)
    category = make_category()

    delete(caller, category)

    assert not Category.objects.exists()
    assert last_call().outcome == ToolCall.Outcome.DONE
    assert last_call().changes == []
