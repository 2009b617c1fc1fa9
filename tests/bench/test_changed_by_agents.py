"""A host's list of 100,000 objects, filtered by what a million tool calls changed."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.models import ChangedRecord, ToolCall
from panel.shop.models import Product
from tests.calls import make_call
from tests.factories import make_admin
from tests.panel.shop import make_product

pytestmark = pytest.mark.bench

OBJECTS, CALLS, CHANGED, DAYS = 100_000, 1_000_000, 60_000, 90
LIST = "/admin/shop/product/"
QUESTIONS = {
    "without the filter": "",
    "changed by agents": "?changed_by_agents=yes",
    "within 7 days": "?changed_by_agents=week",
    "not by agents": "?changed_by_agents=no",
}
REPEATS = 7
MAX_SECONDS = 1.0
"""Of server time, most of it the list's own: it counts and sorts all objects."""


@pytest.mark.django_db
def test_the_filter_stays_cheap_at_any_size(capsys: pytest.CaptureFixture[str]) -> None:
    _fill()
    browser = Browser()
    browser.force_login(make_admin())
    browser.get(LIST)  # warm

    measured = {name: _measure(browser, query) for name, query in QUESTIONS.items()}

    with capsys.disabled():
        print(f"\n{connection.vendor}: {OBJECTS:,} objects, {CALLS:,} calls")
        for name, (seconds, count) in measured.items():
            print(f"  {name:20} {seconds * 1000:7.1f} ms  {count:7} objects")
    assert measured["changed by agents"][1] == CHANGED
    assert measured["not by agents"][1] == OBJECTS - CHANGED
    slow = {name: s for name, (s, _) in measured.items() if s > MAX_SECONDS}
    assert not slow


def _measure(browser: Browser, query: str) -> tuple[float, int]:
    """Return the median seconds of the whole page, and how many objects it counts."""
    times, answer = [], None
    for _ in range(REPEATS):
        started = time.perf_counter()
        answer = browser.get(LIST + query)
        times.append(time.perf_counter() - started)
    assert answer is not None
    return statistics.median(times), answer.context["cl"].result_count


def _fill() -> None:
    """Copy one product and one call; of each call one record, half of them products."""
    product, call = make_product(), make_call()
    _copy(Product, product.pk, OBJECTS - 1, sku="'S-' || numbers.n")
    _copy(ToolCall, call.pk, CALLS - 1)
    kinds = "CASE WHEN id %% 2 = 0 THEN 'shop.product' ELSE 'shop.order' END"
    keys = f"CAST({product.pk} + (id / 2) %% {CHANGED} AS VARCHAR(20))"
    for day in range(DAYS):
        _run(
            f"INSERT INTO {ChangedRecord._meta.db_table}"
            f" (tool_call_id, model, object_id, at) SELECT id, {kinds}, {keys}, %s"
            f" FROM {ToolCall._meta.db_table} WHERE id %% {DAYS} = %s",
            timezone.now() - timedelta(days=day),
            day,
        )
    _run("ANALYZE")


def _copy(model: Any, pk: int, times: int, **other: str) -> None:
    """Insert `times` copies of a row; `other` are expressions by column."""
    columns = [
        field.column for field in model._meta.concrete_fields if not field.primary_key
    ]
    values = [other.get(column, f"original.{column}") for column in columns]
    table = model._meta.db_table
    _run(
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers"
        f" WHERE n < {times}) INSERT INTO {table} ({', '.join(columns)})"
        f" SELECT {', '.join(values)} FROM {table} original, numbers"
        " WHERE original.id = %s",
        pk,
    )


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
