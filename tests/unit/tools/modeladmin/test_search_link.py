"""The link of a search leads a person to the list that the agent has seen."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client

from tests.callers import call, make_caller
from tests.panel.shop import make_product

pytestmark = pytest.mark.django_db


def ids_on(user: Any, query: str) -> list[str]:
    browser = Client()
    browser.force_login(user)
    page = browser.get(f"/admin/shop/product/?{query}").content.decode()
    return re.findall(r'/admin/shop/product/(\d+)/change/[^"]*">', page)


def test_the_link_to_the_list_asks_the_same_question() -> None:
    make_product("Kettle", stock=0)
    make_product("Teapot", stock=0)
    shown = make_product("Kettle", status="draft")
    caller = make_caller()

    answer = call(
        caller,
        "search_records",
        model="shop.product",
        query="kettle",
        filters={"status__exact": ["draft", "paused"]},
        ordering=["-name"],
        limit=1,
    )

    path, _, query = answer["url"].partition("?")
    assert path == "http://127.0.0.1:8000/admin/shop/product/"
    assert parse_qs(query) == {"q": ["kettle"], "status__exact": ["draft", "paused"]}
    assert set(ids_on(caller.user, query)) == {str(shown.pk)}


def test_the_link_to_a_list_without_a_question_is_bare() -> None:
    answer = call(make_caller(), "search_records", model="shop.product", facets=True)

    assert answer["url"] == "http://127.0.0.1:8000/admin/shop/product/"
