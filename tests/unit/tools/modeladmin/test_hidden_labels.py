"""The history does not name what is hidden, in whatever language it was written."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import override

from agent_connector.tools import AgentAccess
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.hidden_labels import hidden_labels
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Customer, Order
from tests.callers import call, make_caller
from tests.narrowing import hide_phone, lines_inline, narrowed_admin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "message",
    [
        '[{"changed": {"fields": ["Phone", "City"]}}]',
        "Changed Phone and City. Via Claude Code.",
        "phone: 12 → 13, City",
    ],
)
def test_a_message_is_told_without_the_label_of_a_hidden_field(
    monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    customer, caller = hide_phone(monkeypatch), make_caller()
    LogEntry.objects.create(
        user=caller.user,
        content_type=ContentType.objects.get_for_model(Customer),
        object_id=str(customer.pk),
        object_repr=str(customer),
        action_flag=CHANGE,
        change_message=message,
    )

    told: Any = call(caller, "get_history", model="shop.customer", id=customer.pk)

    [entry] = told["entries"]
    assert "phone" not in entry["what"].lower()
    assert "City" in entry["what"]


def test_labels_are_known_in_both_languages_and_of_inlines_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inline = lines_inline(AgentAccess(hidden_fields=("unit_price",)))
    narrowed_admin(
        monkeypatch, Order, AgentAccess(hidden_fields=("note",)), inlines=[inline]
    )
    caller = make_caller()
    request = AdminRequest(caller, path="/admin/shop/order/")

    with override("de"):
        words = hidden_labels(find_admin(caller, "shop.order"), request, None)

    assert {"note", "Notiz", "unit price"} <= words


def test_where_nothing_is_hidden_there_are_no_such_words() -> None:
    caller = make_caller()
    request = AdminRequest(caller, path="/admin/shop/order/")

    assert hidden_labels(find_admin(caller, "shop.order"), request, None) == frozenset()
