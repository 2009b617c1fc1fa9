"""One confirmation, two calls at the same moment: the action runs once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection as database

from agent_connector.tools.definition import ToolFailed
from panel.shop.models import Category
from tests.callers import call, make_caller, use_admin
from tests.panel.shop import make_category

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
WAIT_SECONDS = 20


def test_of_two_calls_at_once_one_runs_the_action(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[int] = []

    @admin.action
    def act(_admin: Any, _request: Any, queryset: Any) -> None:
        """Change nothing, so that no version tells the calls apart."""
        ran.append(len(queryset))

    use_admin(
        monkeypatch, Category, type("Acting", (admin.ModelAdmin,), {"actions": [act]})
    )
    caller = make_caller(level="delete")
    named = {"model": "shop.category", "action": "act", "ids": [make_category().pk]}
    confirm = call(caller, "preview_change", kind="action", **named)["confirm"]

    def run() -> str:
        try:
            call(caller, "run_action", **named, confirm=confirm)
        except ToolFailed as failure:
            return failure.code
        finally:
            database.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(lambda _: run(), range(4), timeout=WAIT_SECONDS))

    assert codes == ["done", "not_confirmed", "not_confirmed", "not_confirmed"]
    assert ran == [1]
