"""Each act stands in the admin's history, with the client's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from agent_connector.tools.modeladmin.history import (
    last_entry,
    log_act,
    sign_entries,
    with_client,
    words_by_record,
)
from agent_connector.tools.modeladmin.links import admin_site
from panel.shop.models import Category
from tests.callers import make_caller
from tests.factories import make_user
from tests.panel.shop import make_category, make_product

pytestmark = pytest.mark.django_db


def log(user: Any, record: Any, message: Any = "Done.") -> None:
    LogEntry.objects.log_actions(user.pk, [record], CHANGE, message)


def messages_of(record: Any) -> list[str]:
    entries = LogEntry.objects.filter(object_id=str(record.pk)).order_by("pk")
    return [entry.get_change_message() for entry in entries]


def test_only_new_entries_of_these_records_and_this_user_are_signed() -> None:
    caller = make_caller()
    model_admin = admin_site().get_model_admin(Category)
    shelf, other, product = make_category(), make_category(), make_product()
    product.pk = shelf.pk
    log(caller.user, shelf, "Before.")
    mark = last_entry()
    log(caller.user, shelf, [{"changed": {"fields": ["Name"]}}])
    log(caller.user, other)
    log(make_user(), shelf, "Somebody else.")
    log(caller.user, product, "Another kind.")

    told = sign_entries(caller, model_admin, [str(shelf.pk)], after=mark)

    assert words_by_record(told) == {str(shelf.pk): "Changed Name. Via Claude Code."}
    assert messages_of(shelf) == [
        "Before.",
        "Changed Name. Via Claude Code.",
        "Somebody else.",
        "Another kind.",
    ]
    assert messages_of(other) == ["Done."]


def test_an_act_is_logged_for_each_record() -> None:
    caller, shelves = make_caller(), [make_category(), make_category()]

    told = log_act(caller, shelves, "Sorted.")

    assert told == "Sorted. Via Claude Code."
    assert [messages_of(one) for one in shelves] == [[told], [told]]


def test_nothing_is_logged_of_no_record() -> None:
    log_act(make_caller(), [], "Sorted.")

    assert not LogEntry.objects.exists()
    assert last_entry() == 0


def test_an_entry_without_words_names_the_client_alone() -> None:
    assert with_client("", make_caller()) == "Via Claude Code."
