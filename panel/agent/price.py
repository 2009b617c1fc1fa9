"""Choose a price change that everybody sees and nobody minds."""

from __future__ import annotations

from decimal import Decimal

STEP = Decimal("0.50")


def next_price(price: Decimal) -> Decimal:
    """Return the price half a euro up; or down again, where a run before went up.

    Two runs after another leave the price as it was. Never zero: a product on sale
    needs a price.
    """
    went_up = price % 1 >= STEP
    lower = price - STEP
    return lower if went_up and lower > 0 else price + STEP
