"""The price that the agent sets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from panel.agent.price import next_price


@pytest.mark.parametrize("text", ["24.90", "24.40", "0.10", "0.99", "7.00", "1.50"])
def test_two_runs_leave_a_price_as_it_was(text: str) -> None:
    price = Decimal(text)

    assert next_price(price) != price
    assert next_price(next_price(price)) == price


@pytest.mark.parametrize("text", ["0.00", "0.50", "0.01"])
def test_no_price_becomes_zero_or_less(text: str) -> None:
    assert next_price(Decimal(text)) > 0
