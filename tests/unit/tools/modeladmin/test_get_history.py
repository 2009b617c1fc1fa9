"""The history is that of records which this user may see now, and of no others."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models

from agent_connector.tools.modeladmin import get_history as module
from agent_connector.tools.modeladmin import log_entries
from panel.shop.models import Category, Product
from tests.callers import call, failure_of, make_caller, use_admin
from tests.factories import make_user
from tests.panel.shop import make_category, make_order, make_product
from tests.statements import statements

pytestmark = pytest.mark.django_db


def write_down(
    record: models.Model, user: Any, message: Any = "Changed.", flag: int = CHANGE
) -> LogEntry:
    entry: LogEntry = LogEntry.objects.create(
        user_id=user.pk,
        content_type=ContentType.objects.get_for_model(record),
        object_id=str(record.pk),
        object_repr=str(record),
        action_flag=flag,
        change_message=message,
    )
    return entry


def entries(caller: Any, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(caller, "get_history", **arguments)["entries"]
    return found


def test_a_change_through_a_tool_says_who_what_and_through_which_client() -> None:
    caller, order = make_caller(make_user(is_superuser=True)), make_order()
    call(caller, "update_record", model="shop.order", id=order.pk, values={"note": "x"})

    [entry] = entries(caller, model="shop.order", id=order.pk)

    assert entry.pop("at")
    assert entry == {
        "who": caller.user.get_full_name() or caller.user.get_username(),
        "what": f"Changed Note. Via {caller.client_name}.",
        "model": "shop.order",
        "id": str(order.pk),
        "label": order.number,
        "url": f"http://127.0.0.1:8000/admin/shop/order/{order.pk}/change/",
        "via": caller.client_name,
    }


def test_a_text_that_names_a_client_does_not_make_an_agents_entry() -> None:
    caller, product = make_caller(), make_product()
    write_down(product, caller.user, f"Sold. Via {caller.client_name}.")

    [entry] = entries(caller, model="shop.product", id=product.pk)

    assert entry["what"] == f"Sold. Via {caller.client_name}."
    assert "via" not in entry


def test_the_newest_entry_comes_first_and_says_what_the_page_says() -> None:
    caller, product = make_caller(), make_product()
    write_down(product, caller.user, '[{"added": {}}]', ADDITION)
    write_down(product, caller.user, '[{"changed": {"fields": ["Name", "Price"]}}]')
    write_down(product, caller.user, "", CHANGE)

    told = [one["what"] for one in entries(caller, model="shop.product", id=product.pk)]

    assert told == ["Change", "Changed Name and Price.", "Added."]


def test_entries_of_a_model_are_those_of_visible_records() -> None:
    shown = make_product("Kettle")
    hidden = make_product("Hidden kettle", status=Product.Status.DRAFT)
    gone = make_product("Gone kettle", status=Product.Status.DRAFT)
    somebody = make_user()
    for product in (shown, hidden, gone):
        write_down(product, somebody)
    gone.delete()
    caller = make_caller(make_user(permissions=("shop.view_product",)))

    answer = call(caller, "get_history", model="shop.product")

    assert [one["label"] for one in answer["entries"]] == ["Kettle"]
    assert set(answer) == {"entries"}


def test_a_record_is_named_as_it_is_called_now() -> None:
    product, somebody = make_product("Project secret"), make_user()
    write_down(product, somebody)
    Product.objects.update(name="Kettle")

    assert "secret" not in str(entries(make_caller(), model="shop.product"))


def test_rows_that_the_user_may_not_view_one_by_one_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PerObject(admin.ModelAdmin):
        def has_view_permission(self, request: Any, obj: Any = None) -> bool:
            del request
            return obj is None or obj.name == "Mine"

        def has_change_permission(self, request: Any, obj: Any = None) -> bool:
            del request, obj
            return False

    use_admin(monkeypatch, Category, PerObject)
    somebody = make_user()
    for name in ("Mine", "Theirs"):
        write_down(make_category(name), somebody)

    labels = [one["label"] for one in entries(make_caller(), model="shop.category")]

    assert labels == ["Mine"]


def test_ones_own_actions_are_those_of_the_front_page_for_known_models() -> None:
    user = make_user(permissions=("shop.view_product", "shop.view_category"))
    product, draft = make_product("Kettle"), make_product("Draft", status="draft")
    write_down(product, user)
    write_down(draft, user)
    write_down(make_order(), user)
    write_down(user, user)
    write_down(product, make_user())
    gone = make_category("Old shelf")
    write_down(gone, user, flag=DELETION, message="")
    gone.delete()

    found = entries(make_caller(user), mine=True)

    assert [(one["label"], one["what"]) for one in found] == [
        ("Old shelf", "Deletion"),
        ("Kettle", "Changed."),
    ]
    assert "url" not in found[0]


def test_rows_of_inlines_are_named_only_to_who_may_view_them() -> None:
    caller, order = make_caller(), make_order()
    message = (
        '[{"changed": {"name": "order line", "object": "2 x Kettle",'
        ' "fields": ["Quantity", "Api token"]}},'
        ' {"deleted": {"name": "secret note", "object": "canary"}}]'
    )
    write_down(order, caller.user, message)
    viewer = make_caller(make_user(permissions=("shop.view_order",)))
    ask: dict[str, Any] = {"model": "shop.order", "id": order.pk}

    for_root = entries(caller, **ask)[0]["what"]
    for_viewer = entries(viewer, **ask)[0]["what"]

    assert for_root == (
        "Changed Quantity for order line “2 x Kettle”. Deleted secret note “…”."
    )
    assert "Kettle" not in for_viewer
    assert for_viewer == str(entries(viewer, model="shop.order")[0]["what"])


@pytest.mark.parametrize("message", ["[1]", '[{"added": {"x": 1}}]', "[not json", "[]"])
def test_a_text_that_looks_like_djangos_own_is_shown_as_it_is(message: str) -> None:
    caller, product = make_caller(), make_product()
    write_down(product, caller.user, message)

    [entry] = entries(caller, model="shop.product")

    assert entry["what"] in {message, "No fields changed."}


def test_pages_follow_each_other_across_hidden_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    monkeypatch.setattr(log_entries, "BATCH", 2)
    shown, hidden = make_product(), make_product(status="draft")
    somebody = make_user()
    for number in range(8):
        write_down(shown, somebody, f"number {number}")
        write_down(hidden, somebody)
    caller = make_caller(make_user(permissions=("shop.view_product",)))
    seen, cursor = [], ""

    for _page in range(3):
        answer = call(caller, "get_history", model="shop.product", cursor=cursor)
        seen += [one["what"] for one in answer["entries"]]
        cursor = answer.get("next_cursor", "")

    assert seen == [f"number {number}" for number in range(7, -1, -1)]
    assert cursor == ""


@pytest.mark.parametrize(
    "arguments",
    [{}, {"id": 1}, {"mine": True, "id": 1}, {"mine": True, "cursor": "x-y"}],
    ids=str,
)
def test_an_unclear_question_is_refused(arguments: dict[str, Any]) -> None:
    failure = failure_of(make_caller(), "get_history", **arguments)

    assert failure.code == "invalid_arguments"


@pytest.mark.parametrize("model", ["auth.user", "admin.logentry", "auth.group"])
def test_withheld_models_have_no_history(model: str) -> None:
    caller = make_caller()
    write_down(User.objects.get(pk=caller.user.pk), caller.user)

    failure = failure_of(caller, "get_history", model=model)

    assert failure.code == "unknown_model"
    assert entries(caller, mine=True) == []


def test_the_number_of_statements_does_not_grow_with_the_entries() -> None:
    caller = make_caller()
    products = [make_product() for _number in range(9)]
    write_down(products[0], caller.user)
    call(caller, "get_history", model="shop.product")
    with statements() as for_one:
        call(caller, "get_history", model="shop.product")
    for product in products:
        write_down(product, caller.user)

    with statements() as for_many:
        call(caller, "get_history", model="shop.product")

    assert len(for_many) == len(for_one)
