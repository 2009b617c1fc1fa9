"""No question that an agent can ask of a list leads to what is hidden."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import F
from django.db.models.functions import Lower

from agent_connector.tools import AgentAccess
from agent_connector.tools.modeladmin.paths import (
    hidden_behind,
    ordering_paths,
    reaches,
)
from panel.shop.models import Customer, Order
from tests.callers import call, failure_of, make_caller
from tests.narrowing import IBAN, hide_phone, narrowed_admin
from tests.panel.shop import make_customer, make_order

pytestmark = pytest.mark.django_db


def test_search_does_not_reach_into_a_hidden_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_order(customer=make_customer(last_name="Findme"))
    narrowed_admin(
        monkeypatch,
        Order,
        AgentAccess(),
        search_fields=("number", "customer__last_name"),
    )
    before = call(make_caller(), "search_records", model="shop.order", query="Findme")
    narrowed_admin(monkeypatch, Customer, AgentAccess(hidden=True))

    after = call(make_caller(), "search_records", model="shop.order", query="Findme")

    assert (before["total"], after["total"]) == (1, 0)


@pytest.mark.parametrize(
    "question",
    [
        {"filters": {"phone": IBAN}},
        {"filters": {"phone__startswith": "A"}},
        {"filters": {"phone__in": IBAN}},
        {"ordering": ["phone"]},
        {"columns": ["phone"]},
    ],
)
def test_a_hidden_field_answers_no_question(
    monkeypatch: pytest.MonkeyPatch, question: dict[str, Any]
) -> None:
    hide_phone(monkeypatch)

    failure = failure_of(
        make_caller(), "search_records", model="shop.customer", **question
    )

    assert failure.code in {"invalid_filter", "invalid_ordering", "invalid_column"}
    assert "phone" not in failure.allowed


@pytest.mark.parametrize("query", [IBAN, "nothing like it"])
def test_a_search_for_a_hidden_value_finds_nothing(
    monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    hide_phone(monkeypatch)

    found = call(make_caller(), "search_records", model="shop.customer", query=query)

    assert found["total"] == 0


def test_a_search_through_a_relation_does_not_reach_a_hidden_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_order(customer=hide_phone(monkeypatch))
    narrowed_admin(
        monkeypatch,
        Order,
        AgentAccess(),
        search_fields=("number", "customer__phone"),
        list_filter=("status", ("customer__phone", admin.AllValuesFieldListFilter)),
        date_hierarchy="customer__joined_at",
    )
    caller = make_caller()

    found = call(caller, "search_records", model="shop.order", query=IBAN)
    told = call(caller, "describe_model", model="shop.order")

    assert found["total"] == 0
    assert "phone" not in str(told)


@pytest.mark.parametrize("ordering", ["phone", "-phone", F("phone").desc()])
def test_rows_do_not_stand_in_the_order_of_a_hidden_field(
    monkeypatch: pytest.MonkeyPatch, ordering: Any
) -> None:
    hide_phone(monkeypatch, ordering=(ordering,))
    second = make_customer(phone="A")
    third = make_customer(phone="Z")
    caller = make_caller()

    rows = call(caller, "search_records", model="shop.customer")["rows"]

    pks = [int(row["id"]) for row in rows]
    assert pks == sorted(pks, reverse=True)
    assert pks[:2] == [third.pk, second.pk]


def test_a_column_that_sorts_by_a_hidden_field_does_not_sort(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @admin.display(ordering="phone")
    def dialled(customer: Customer) -> int:
        return len(customer.phone)

    hide_phone(monkeypatch, list_display=("name", dialled))
    caller = make_caller()

    columns = call(caller, "describe_model", model="shop.customer")["columns"]
    failure = failure_of(
        caller, "search_records", model="shop.customer", ordering=["dialled"]
    )

    assert {one["name"]: one["sortable"] for one in columns} == {
        "name": True,
        "dialled": False,
    }
    assert failure.code == "invalid_ordering"


def test_a_date_hierarchy_of_a_hidden_field_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrowed_admin(
        monkeypatch, Customer, AgentAccess(hidden_fields=("joined_at",)), list_filter=()
    )

    failure = failure_of(
        make_caller(),
        "search_records",
        model="shop.customer",
        filters={"joined_at__year": 2026},
    )

    assert failure.code == "invalid_filter"


@pytest.mark.parametrize(
    ("ordering", "paths"),
    [
        ("-phone", ["phone"]),
        (F("phone"), ["phone"]),
        (F("phone").desc(nulls_last=True), ["phone"]),
        (Lower("phone") + F("city"), ["phone", "city"]),
        ("?", ["?"]),
    ],
)
def test_an_ordering_tells_what_it_sorts_by(ordering: Any, paths: list[str]) -> None:
    assert ordering_paths(ordering) == paths


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("phone", True),
        ("^phone", True),
        ("phone__isnull", True),
        ("orders__customer__phone", True),
        ("orders__note", False),
        ("city__phone", False),
        ("nothing", False),
        ("pk", False),
    ],
)
def test_a_path_is_followed_to_its_end(
    monkeypatch: pytest.MonkeyPatch, path: str, *, expected: bool
) -> None:
    hide_phone(monkeypatch)
    hidden = frozenset({"phone"})

    behind = partial(hidden_behind, caller=make_caller())
    found = reaches(Customer, path, hidden=hidden, behind=behind)

    assert found is expected
