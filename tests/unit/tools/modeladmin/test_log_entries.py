"""Entries are read in bounded steps, and lead on where a step found too few."""

from __future__ import annotations

import pytest

from agent_connector.tools.modeladmin import log_entries
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.log_entries import History
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Product
from tests.callers import make_caller
from tests.factories import make_user
from tests.panel.shop import make_product
from tests.unit.tools.modeladmin.test_get_history import write_down

pytestmark = pytest.mark.django_db


def history_of(*permissions: str) -> History:
    caller = make_caller(make_user(permissions=permissions))
    request = AdminRequest(caller, path="/admin/")
    return History(request=request, admins=[admin_site().get_model_admin(Product)])


def test_a_long_run_of_hidden_rows_ends_a_call_but_not_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_entries, "BATCH", 2)
    monkeypatch.setattr(log_entries, "MAX_BATCHES", 2)
    shown, hidden, somebody = make_product(), make_product(status="draft"), make_user()
    write_down(shown, somebody)
    for _number in range(5):
        write_down(hidden, somebody)
    history = history_of("shop.view_product")

    first = history.read(limit=5)
    second = history.read(limit=5, after=first.following)

    assert (first.entries, bool(first.following)) == ([], True)
    assert ([one.id for one in second.entries], second.following) == (
        [str(shown.pk)],
        "",
    )


def test_a_key_that_cannot_be_one_is_passed_over() -> None:
    product, somebody = make_product(), make_user()
    entry = write_down(product, somebody)
    entry.object_id = "not a number"
    entry.save()

    assert history_of("shop.view_product").read(limit=5).entries == []


def test_nothing_is_promised_after_the_last_entry() -> None:
    product, somebody = make_product(), make_user()
    for _number in range(3):
        write_down(product, somebody)
    history = history_of("shop.view_product")

    assert history.read(limit=3).following == ""
    assert history.read(limit=2).following != ""
