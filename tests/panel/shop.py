"""Make what the shop sells and who buys it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from panel.shop.models import Category, Customer, Order, OrderLine, Product

_numbers = itertools.count(1)


def make_product(name: str = "Enamel Kettle", **fields: Any) -> Product:
    number = next(_numbers)
    category = fields.pop("category", None)
    return Product.objects.create(
        **{
            "name": name,
            "sku": f"TST-{number:04}",
            "category": category or make_category(),
            "status": Product.Status.ON_SALE,
            "price": Decimal("42.00"),
            "stock": 20,
            **fields,
        }
    )


def make_category(name: str = "") -> Category:
    number = next(_numbers)
    return Category.objects.create(
        name=name or f"Shelf {number}", slug=f"shelf-{number}"
    )


def make_customer(**fields: Any) -> Customer:
    number = next(_numbers)
    return Customer.objects.create(
        **{
            "first_name": "Nora",
            "last_name": f"Quinn {number}",
            "email": f"nora{number}@example.com",
            "country": "IE",
            "joined_at": timezone.now(),
            **fields,
        }
    )


def make_order(
    *,
    status: str = Order.Status.PAID,
    lines: tuple[tuple[int, str], ...] = (),
    customer: Customer | None = None,
) -> Order:
    """Return an order; `lines` are quantities with unit prices."""
    placed_at = timezone.now() - timedelta(days=2)
    is_sent = status in {Order.Status.SHIPPED, Order.Status.DELIVERED}
    order = Order.objects.create(
        customer=customer or make_customer(),
        status=status,
        placed_at=placed_at,
        shipped_at=placed_at + timedelta(hours=4) if is_sent else None,
    )
    for quantity, price in lines:
        OrderLine.objects.create(
            order=order,
            product=make_product(),
            quantity=quantity,
            unit_price=Decimal(price),
        )
    return order
