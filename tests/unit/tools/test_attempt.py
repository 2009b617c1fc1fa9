"""The record tells what was tried, also where it makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.attempt import attempt_of
from tests.callers import make_caller

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("arguments", "model", "object_id"),
    [
        ({"model": "Shop.Order", "id": 7}, "shop.order", "7"),
        ({"model": "shop.order", "ids": ["7"]}, "shop.order", "7"),
        ({"model": "shop.order", "ids": [7, 8]}, "shop.order", ""),
        ({"model": ["shop.order"], "id": {"a": 1}}, "", ""),
        ({}, "", ""),
    ],
    ids=str,
)
def test_model_and_record_are_read_where_they_can_be(
    arguments: dict[str, Any], model: str, object_id: str
) -> None:
    attempt = attempt_of(make_caller(), "get_record", arguments)

    assert (attempt.tool, attempt.model) == ("get_record", model)
    assert attempt.object_id == object_id
    assert attempt.arguments == arguments


@pytest.mark.parametrize("arguments", [None, [], "text", 7], ids=str)
def test_what_are_no_arguments_are_not_kept(arguments: Any) -> None:
    assert attempt_of(make_caller(), "get_record", arguments).arguments == {}


def test_a_model_that_is_not_there_has_no_secrets() -> None:
    asked = {"model": "shop.nothing", "values": {"name": "x"}}

    assert not attempt_of(make_caller(), "create_record", asked).hides("name")
