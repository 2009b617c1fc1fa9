"""Deleting goes through the admin: its permissions, its cascade, its history."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.db import models
from pytest_django import Settings

from agent_connector.models import Connection, ToolCall
from panel.shop.models import Category, Customer, Order, OrderLine, Product
from tests.awkward.models import Thing
from tests.awkward.things import make_place, make_thing, work_on_awkward_site
from tests.callers import call, failure_of, last_call, make_caller, use_admin
from tests.factories import NOON, make_user
from tests.panel.shop import make_category, make_order, make_product

pytestmark = pytest.mark.django_db


def named(*records: Any) -> dict[str, Any]:
    model = records[0]._meta.label_lower
    return {"model": model, "ids": [record.pk for record in records]}


def previewed(caller: Any, *records: Any) -> dict[str, Any]:
    return call(caller, "preview_change", kind="delete", **named(*records))


def delete(caller: Any, *records: Any) -> dict[str, Any]:
    confirm = previewed(caller, *records)["confirm"]
    return call(caller, "delete_records", confirm=confirm, **named(*records))


def refusal(caller: Any, *records: Any, confirm: str) -> Any:
    return failure_of(caller, "delete_records", confirm=confirm, **named(*records))


def make_deleter(*models: str) -> Any:
    permissions = [
        f"shop.{verb}_{one}" for one in models for verb in ("view", "delete")
    ]
    return make_caller(make_user(permissions=tuple(permissions)), level="delete")


def test_a_record_goes_with_what_depends_on_it() -> None:
    order, other = make_order(lines=((2, "5.00"), (1, "3.00"))), make_order()

    answer = delete(make_deleter("order"), order)

    assert answer["deleted"] == [str(order)]
    assert answer["counts"] == {"orders": 1, "order lines": 2}
    assert list(Order.objects.all()) == [other]
    assert not OrderLine.objects.exists()


def test_several_go_at_once_each_with_its_entry_in_the_history() -> None:
    orders = [make_order() for _ in range(3)]
    caller = make_deleter("order")

    answer = delete(caller, *orders)

    assert answer["counts"] == {"orders": 3}
    assert not Order.objects.exists()
    entries = LogEntry.objects.all()
    assert {one.object_id for one in entries} == {str(one.pk) for one in orders}
    assert {one.user for one in entries} == {caller.user}
    assert {one.get_change_message() for one in entries} == {"Via Claude Code."}
    assert {one.action_flag for one in entries} == {DELETION}


def test_the_call_is_on_record_with_its_object_and_without_the_confirmation() -> None:
    order = make_order()

    delete(make_deleter("order"), order)

    record = last_call()
    assert (record.outcome, record.object_id) == ("done", str(order.pk))
    assert record.arguments["confirm"] == "[redacted]"
    assert not ToolCall.objects.filter(arguments__icontains="acy_").exists()


@pytest.mark.parametrize("several", [True, False])
def test_the_hooks_of_the_admin_are_called(
    monkeypatch: pytest.MonkeyPatch, *, several: bool
) -> None:
    class Hooked(admin.ModelAdmin):
        def delete_model(self, request: Any, obj: Any) -> None:
            messages.info(request, f"One: {obj}.")
            super().delete_model(request, obj)

        def delete_queryset(self, request: Any, queryset: Any) -> None:
            messages.info(request, f"Several: {len(queryset)}.")
            super().delete_queryset(request, queryset)

    use_admin(monkeypatch, Category, Hooked)
    shelves = [make_category("A"), make_category("B")][: 2 if several else 1]

    answer = delete(make_caller(level="delete"), *shelves)

    assert answer["messages"] == ["Several: 2." if several else "One: A."]


def test_where_the_list_offers_no_deletion_each_goes_as_on_its_own_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class OneByOne(admin.ModelAdmin):
        actions = None

        def delete_model(self, request: Any, obj: Any) -> None:
            messages.info(request, str(obj))
            super().delete_model(request, obj)

    use_admin(monkeypatch, Category, OneByOne)

    answer = delete(make_caller(level="delete"), make_category("A"), make_category("B"))

    assert answer["messages"] == ["A", "B"]
    assert not Category.objects.exists()


def test_what_the_site_only_hides_is_not_told_as_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Archive(admin.ModelAdmin):
        def delete_model(self, request: Any, obj: Any) -> None:
            del request
            Category.objects.filter(pk=obj.pk).update(name="archived")

    use_admin(monkeypatch, Category, Archive)
    shelf = make_category()

    assert delete(make_caller(level="delete"), shelf)["kept"] == [str(shelf.pk)]


def test_protected_records_are_named_and_stay() -> None:
    order = make_order()
    caller = make_deleter("order", "customer")
    customer = Customer.objects.get()

    preview = previewed(caller, customer)

    assert preview["protected_by"] == [f"Order: {order}"]
    assert "confirm" not in preview
    assert refusal(caller, customer, confirm="x").code == "protected"
    assert Customer.objects.exists()


def test_without_the_permission_there_is_no_confirmation() -> None:
    order = make_order()
    caller = make_caller(make_user(permissions=("shop.view_order",)), level="delete")

    preview = previewed(caller, order)
    failure = refusal(caller, order, confirm="x")

    assert preview["missing_permissions"] == ["shop.delete_order"]
    assert "confirm" not in preview
    assert (failure.code, last_call().outcome) == ("permission_missing", "refused")
    assert "shop.delete_order" in failure.message
    assert Order.objects.exists()


def test_a_cascade_needs_the_permission_for_what_goes_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_admin(monkeypatch, OrderLine, admin.ModelAdmin)
    order = make_order(lines=((1, "5.00"),))
    caller = make_deleter("order")

    preview = previewed(caller, order)

    assert preview["missing_permissions"] == ["shop.delete_orderline"]
    assert "confirm" not in preview
    assert refusal(caller, order, confirm="x").code == "permission_missing"


def test_a_single_record_that_may_not_be_deleted_stops_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Guarded(admin.ModelAdmin):
        def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
            allowed: bool = super().has_delete_permission(request, obj)
            return allowed and getattr(obj, "name", "") != "Keep"

        def get_deleted_objects(self, objs: Any, request: Any) -> Any:
            del objs, request
            return [], {}, set(), []

    use_admin(monkeypatch, Category, Guarded)
    keep, other = make_category("Keep"), make_category("Other")
    caller = make_caller(level="delete")

    preview = previewed(caller, keep, other)

    assert preview["missing_permissions"] == ["shop.delete_category"]
    assert refusal(caller, other, keep, confirm="x").code == "permission_missing"
    assert Category.objects.count() == 2


@pytest.mark.parametrize("change", ["record", "cascade", "ids", "used"])
def test_a_confirmation_counts_only_for_what_was_shown(change: str) -> None:
    order, other = make_order(lines=((1, "5.00"),)), make_order()
    caller = make_deleter("order")
    confirm = previewed(caller, order)["confirm"]
    chosen = [order]
    match change:
        case "record":
            Order.objects.filter(pk=order.pk).update(note="x")
        case "cascade":
            order.lines.create(product=make_product(), quantity=1, unit_price=1)
        case "ids":
            chosen = [order, other]
        case _:
            call(caller, "delete_records", confirm=confirm, **named(order))
            order = other
            chosen = [other]

    failure = refusal(caller, *chosen, confirm=confirm)

    assert failure.code == "not_confirmed"
    assert Order.objects.filter(pk=order.pk).exists()
    assert last_call().reason == "not_confirmed"


def test_the_confirmation_of_another_connection_does_not_count() -> None:
    order, caller = make_order(), make_deleter("order")
    other = make_caller(caller.user, level="delete")
    confirm = previewed(other, order)["confirm"]

    assert refusal(caller, order, confirm=confirm).code == "not_confirmed"
    assert Order.objects.exists()


def test_hidden_and_missing_records_are_told_the_same() -> None:
    draft = make_product(status=Product.Status.DRAFT)
    caller = make_deleter("product")
    missing = draft.pk + 1000

    hidden = refusal(caller, draft, confirm="x")
    gone = failure_of(
        caller, "delete_records", model="shop.product", ids=[missing], confirm="x"
    )

    assert hidden.message.replace(str(draft.pk), "?") == (
        gone.message.replace(str(missing), "?")
    )
    preview = failure_of(caller, "preview_change", kind="delete", **named(draft))
    assert preview.detail() == hidden.detail()


@pytest.mark.parametrize(
    "model", ["auth.user", "agent_connector.connection", "sessions.session", "x.y"]
)
def test_withheld_models_are_unknown(model: str) -> None:
    caller = make_caller(level="delete")

    failure = failure_of(caller, "delete_records", model=model, ids=[1], confirm="x")

    assert failure.code == "unknown_model"


def test_a_lesser_connection_may_preview_but_not_delete() -> None:
    order = make_order()
    caller = make_caller(level="write")

    confirm = previewed(caller, order)["confirm"]

    assert refusal(caller, order, confirm=confirm).code == "insufficient_scope"
    assert Order.objects.exists()


def test_a_bug_of_the_site_leaves_everything_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken(admin.ModelAdmin):
        def delete_queryset(self, request: Any, queryset: Any) -> None:
            super().delete_queryset(request, queryset)
            raise RuntimeError

    use_admin(monkeypatch, Category, Broken)
    shelves = make_category("A"), make_category("B")
    caller = make_caller(level="delete")

    failure = refusal(caller, *shelves, confirm=previewed(caller, *shelves)["confirm"])

    assert failure.code == "broken"
    assert Category.objects.count() == 2
    assert not LogEntry.objects.exists()


def test_a_connection_that_has_ended_deletes_nothing() -> None:
    order, caller = make_order(), make_deleter("order")
    confirm = previewed(caller, order)["confirm"]
    Connection.objects.filter(pk=caller.connection.pk).update(expires_at=NOON)

    assert refusal(caller, order, confirm=confirm).code == "connection_ended"
    assert Order.objects.exists()


def test_others_in_the_same_number_are_not_what_was_confirmed() -> None:
    order = make_order(lines=((2, "5.00"), (1, "3.00")))
    caller = make_deleter("order")
    confirm = previewed(caller, order)["confirm"]
    line = order.lines.earliest("pk")
    line.delete()
    line.pk = None
    line.save()

    failure = refusal(caller, order, confirm=confirm)

    assert failure.code == "not_confirmed"
    assert order.lines.count() == 2


@pytest.mark.parametrize(
    ("setting", "code"),
    [("READ_ONLY_MODELS", "model_read_only"), ("HIDDEN_MODELS", "permission_missing")],
)
@pytest.mark.parametrize("on_delete", [models.SET_NULL, models.SET_DEFAULT])
def test_what_would_untie_records_that_agents_may_not_change_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    setting: str,
    code: str,
    on_delete: Any,
) -> None:
    work_on_awkward_site(settings)
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, setting: ["awkward.thing"]}
    relation = Thing._meta.get_field("place").remote_field
    monkeypatch.setattr(relation, "on_delete", on_delete)
    place, empty = make_place(), make_place()
    make_thing(place=place)
    caller = make_caller(level="delete")

    failure = failure_of(caller, "preview_change", kind="delete", **named(place))

    assert failure.code == code
    assert "only read" in failure.message or "also change" in failure.message
    assert delete(caller, empty)["deleted"] == [str(empty)]


def test_what_ties_records_that_agents_may_change_is_taken_off(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    work_on_awkward_site(settings)
    relation = Thing._meta.get_field("place").remote_field
    monkeypatch.setattr(relation, "on_delete", models.SET_NULL)
    place = make_place()
    thing = make_thing(place=place)

    delete(make_caller(level="delete"), place)

    thing.refresh_from_db()
    assert thing.place is None
