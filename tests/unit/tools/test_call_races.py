"""A change and a revoke at the same moment: one is first, and none falls between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from agent_connector.connections.access import disable_access
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools.definition import ConnectionEnded
from panel.shop.models import Product
from tests.callers import call, make_caller
from tests.panel.shop import make_product

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
WAIT_SECONDS = 20


def revoke(caller: Caller) -> None:
    reason = Connection.RevokedReason.ADMIN
    revoke_connection(
        caller.connection, reason=reason, actor=caller.user, now=timezone.now()
    )


def disable(caller: Caller) -> None:
    disable_access([caller.user.pk], actor=caller.user, now=timezone.now())


@pytest.mark.parametrize("end", [revoke, disable])
def test_a_change_that_was_written_when_the_revoke_committed_is_taken_back(
    monkeypatch: pytest.MonkeyPatch, end: Any
) -> None:
    caller, product = make_caller(), make_product(stock=1)
    written, ended = threading.Event(), threading.Event()
    original = Product.save

    def save(self: Product, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        written.set()
        assert ended.wait(WAIT_SECONDS)

    def change() -> Any:
        try:
            return call(
                caller,
                "update_record",
                model="shop.product",
                id=product.pk,
                values={"stock": 4711},
            )
        finally:
            database.close()

    monkeypatch.setattr(Product, "save", save)
    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        assert written.wait(WAIT_SECONDS)
        end(caller)
        ended.set()
        with pytest.raises(ConnectionEnded):
            changing.result(WAIT_SECONDS)

    assert Product.objects.get(pk=product.pk).stock == 1
    assert ToolCall.objects.get().outcome == "refused"


def test_two_changes_of_one_record_follow_each_other() -> None:
    """Each saves the whole row: without a lock, one would undo the other's field."""
    caller, product = make_caller(), make_product(stock=1)
    both = threading.Barrier(2)

    def change(values: dict[str, Any]) -> Any:
        both.wait(WAIT_SECONDS)
        try:
            return call(
                caller,
                "update_record",
                model="shop.product",
                id=product.pk,
                values=values,
            )
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        for number in range(2, 12):
            wanted = ({"stock": number}, {"price": f"{number}.00"})
            list(pool.map(change, wanted))
            stored = Product.objects.get(pk=product.pk)
            assert (stored.stock, float(stored.price)) == (number, number)
