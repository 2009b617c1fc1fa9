"""Store the orders of a shop in the database of a server."""

from __future__ import annotations

import django

STORED = 200


def store_orders() -> None:
    # What holds models can be imported once Django is set up.
    from tests.panel.shop import make_order  # noqa: PLC0415

    for _number in range(STORED):
        make_order(lines=((1, "5.00"), (2, "3.00")))


if __name__ == "__main__":
    django.setup()
    store_orders()
