"""What the history says is shown, but for what its reader is not to know."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.utils.translation import override

from agent_connector.tools.modeladmin.change_message import (
    MAX_CHARACTERS,
    message_of,
    shown_inline_names,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Order
from tests.callers import make_caller, use_admin
from tests.factories import make_user


def told(message: Any, *, shown: tuple[str, ...] = (), flag: int = CHANGE) -> str:
    text = message if isinstance(message, str) else json.dumps(message)
    entry = LogEntry(change_message=text, action_flag=flag)
    return message_of(entry, shown_inlines=frozenset(shown))


def test_a_row_is_named_only_where_its_inline_is_shown() -> None:
    message = [{"added": {"name": "order line", "object": "canary"}}]

    assert told(message, shown=("order line",)) == "Added order line “canary”."
    assert told(message) == "Added order line “…”."


def test_fields_that_hold_credentials_are_not_named() -> None:
    message = [{"changed": {"fields": ["Name", "Door password"]}}]

    assert told(message) == "Changed Name."


def test_an_entry_without_words_says_what_was_done() -> None:
    assert told("", flag=DELETION) == "Deletion"


def test_a_long_message_is_clipped() -> None:
    assert len(told("x" * 9000)) < MAX_CHARACTERS + 60


@pytest.mark.django_db
def test_inlines_of_withheld_models_and_of_those_not_viewed_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Users(admin.TabularInline):
        model = User
        fk_name = "none"

    model_admin = admin_site().get_model_admin(Order)
    viewer = make_caller(make_user(permissions=("shop.view_order",)))

    def shown(caller: Any, of: Any) -> frozenset[str]:
        return shown_inline_names(of, AdminRequest(caller, path="/admin/"), None)

    with override("de"):
        assert shown(make_caller(), model_admin) == {"order line"}
    assert shown(viewer, model_admin) == frozenset()
    withheld = use_admin(
        monkeypatch, Order, type("With", (admin.ModelAdmin,), {"inlines": (Users,)})
    )
    assert shown(make_caller(), withheld) == frozenset()
