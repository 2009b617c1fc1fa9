"""What the endpoint knows of a request reaches the server's hooks with it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django.test import RequestFactory

from agent_connector.mcp.exchange import begin_exchange, exchange_of
from tests.factories import NOON


def test_an_exchange_travels_with_its_request() -> None:
    request, caller = RequestFactory().post("/mcp"), cast("Any", object())

    exchange = begin_exchange(request, caller=caller, now=NOON)

    assert exchange_of(request) is exchange
    assert (exchange.caller, exchange.attempted, exchange.failure) == (
        caller,
        False,
        None,
    )


def test_a_request_that_was_not_judged_has_none() -> None:
    with pytest.raises(AttributeError):
        exchange_of(RequestFactory().post("/mcp"))
