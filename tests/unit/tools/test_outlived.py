"""A call that outlives its connection is on record all the same, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from agent_connector.models import Connection, ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools.definition import ToolFailed
from panel.shop.admin import ProductAdmin
from panel.shop.models import Product
from tests.callers import call, make_caller
from tests.panel.shop import make_product

# What is deleted is missed when the record is committed.
pytestmark = pytest.mark.django_db(transaction=True)

End = Callable[[Caller], Any]


def delete_connection(caller: Caller) -> None:
    Connection.objects.filter(pk=caller.connection.pk).delete()


def delete_user(caller: Caller) -> None:
    get_user_model().objects.filter(pk=caller.user.pk).delete()


ENDS = pytest.mark.parametrize("end", [delete_connection, delete_user])


def end_meanwhile(monkeypatch: pytest.MonkeyPatch, caller: Caller, end: End) -> None:
    """Delete while the call looks for its records."""
    original = ProductAdmin.get_queryset

    def get_queryset(self: ProductAdmin, request: Any) -> Any:
        end(caller)
        return original(self, request)

    monkeypatch.setattr(ProductAdmin, "get_queryset", get_queryset)


@ENDS
def test_what_was_read_is_answered_and_on_record(
    monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    caller, product = make_caller(), make_product("Kettle")
    end_meanwhile(monkeypatch, caller, end)

    answer = call(caller, "search_records", model="shop.product")

    assert [row["id"] for row in answer["rows"]] == [str(product.pk)]
    kept = ToolCall.objects.get()
    assert (kept.outcome, kept.connection) == ("done", None)
    assert kept.user_name == caller.user.get_username()
    assert kept.client_name == caller.client_name
    assert (kept.user is None) == (end is delete_user)


@ENDS
def test_what_would_have_changed_is_refused_and_on_record(
    monkeypatch: pytest.MonkeyPatch, end: End
) -> None:
    caller, product = make_caller(), make_product(stock=1)
    end_meanwhile(monkeypatch, caller, end)

    with pytest.raises(ToolFailed):
        call(
            caller,
            "update_record",
            model="shop.product",
            id=product.pk,
            values={"stock": 9},
        )

    assert Product.objects.get().stock == 1
    assert [one.outcome for one in ToolCall.objects.all()] == ["refused"]


def test_a_call_of_a_connection_that_is_gone_is_on_record() -> None:
    caller = make_caller()
    delete_connection(caller)

    assert call(caller, "whoami")
    assert [one.connection for one in ToolCall.objects.all()] == [None]
