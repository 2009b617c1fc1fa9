"""The list is the admin's own, built for one question."""

from __future__ import annotations

import pytest

from agent_connector.tools.modeladmin.changelist import Question, build_changelist
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.sealed import seal
from panel.shop.models import Product
from tests.callers import make_caller
from tests.panel.shop import make_product

pytestmark = pytest.mark.django_db


def test_filters_words_and_page_are_the_lists_own() -> None:
    for number in range(3):
        make_product(f"Kettle {number}", status="paused")
    make_product("Kettle 9")
    sealed = seal(admin_site().get_model_admin(Product), rows_per_page=2)
    question = Question(
        query="kettle",
        filters={"status__exact": ["paused"], "available_from__isnull": True},
        ordering=["-name"],
        page=2,
    )
    changelist, rows = build_changelist(make_caller(), sealed, question)

    assert changelist.result_count == 3
    assert [str(row) for row in rows] == ["Kettle 0"]


def test_two_values_of_one_filter_are_alternatives() -> None:
    make_product(status="paused")
    make_product(status="draft")
    make_product(status="on_sale")
    sealed = seal(admin_site().get_model_admin(Product), rows_per_page=9)

    changelist, _rows = build_changelist(
        make_caller(), sealed, Question(filters={"status__exact": ["paused", "draft"]})
    )

    assert changelist.result_count == 2
