"""The question to the person names what is about to happen, in few words."""

from __future__ import annotations

import pytest
from django.utils import translation

from agent_connector.tools.modeladmin.question import (
    MAX_NAMES,
    ask_to_delete,
    ask_to_run,
)
from panel.shop.models import Category, Order


def test_a_deletion_tells_what_goes_along() -> None:
    question = ask_to_delete([Order(number="HP-1")], {"orders": 1, "order lines": 2})

    assert question == "Delete 1 order?\nHP-1\nIn all: orders: 1, order lines: 2."


def test_an_action_tells_what_was_filled_in() -> None:
    shelves = [Category(name="A"), Category(name="B")]

    question = ask_to_run("Restock", shelves, {"pieces": "5"})

    assert question == "Run “Restock” on 2 categories?\nA, B\npieces: 5"


@pytest.mark.parametrize("more", [0, 1])
def test_only_the_first_are_named(more: int) -> None:
    shelves = [Category(name=f"S{number}") for number in range(MAX_NAMES + more)]

    names = ask_to_run("X", shelves, {}).splitlines()[1].split(", ")

    assert names[-1] == ("…" if more else "S9")


def test_long_names_are_clipped() -> None:
    question = ask_to_run("X", [Category(name="y" * 500)], {"note": "z" * 500})

    assert len(question) < 400


def test_the_question_is_in_german_where_the_site_is() -> None:
    with translation.override("de"):
        question = ask_to_delete([Order(number="HP-1")], {})

    assert question.startswith("1 Bestellung löschen?")
