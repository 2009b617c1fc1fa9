"""Fill the order book: a thousand orders over about ninety days."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from panel.shop.models import Customer, Order, OrderLine, Product
from panel.shop.models.order import NUMBER_ALPHABET, NUMBER_LENGTH

ORDER_COUNT = 1000
DAYS = 90

NOTES = (
    "Please wrap as a gift.",
    "Ring twice, the bell is faint.",
    "Second delivery attempt agreed for Friday.",
    "Invoice to the office address.",
    "Customer asked for a receipt by e-mail.",
)


def seed_orders(*, dice: random.Random, now: datetime) -> None:
    """Let the customers order, unless there are orders already."""
    if Order.objects.exists():
        return
    customers = list(Customer.objects.order_by("pk"))
    products = list(Product.objects.exclude(status=Product.Status.DRAFT).order_by("pk"))
    numbers = _draw_numbers(dice=dice)
    orders = [
        _make_order(number, customer=dice.choice(customers), dice=dice, now=now)
        for number in numbers
    ]
    orders.sort(key=lambda order: order.placed_at)
    Order.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(
        line for order in orders for line in _make_lines(order, products, dice=dice)
    )


def _draw_numbers(*, dice: random.Random) -> list[str]:
    numbers: dict[str, None] = {}
    while len(numbers) < ORDER_COUNT:
        text = "".join(dice.choices(NUMBER_ALPHABET, k=NUMBER_LENGTH))
        numbers[f"HP-{text}"] = None
    return list(numbers)


def _make_order(
    number: str, *, customer: Customer, dice: random.Random, now: datetime
) -> Order:
    # More orders lately than long ago, and none in the future.
    age = timedelta(days=DAYS) * dice.random() ** 1.25
    placed_at = now - age - timedelta(minutes=2)
    status = _draw_status(age, dice=dice)
    shipped_at = None
    if status in {Order.Status.SHIPPED, Order.Status.DELIVERED}:
        wait = timedelta(hours=dice.randint(3, 44))
        shipped_at = min(placed_at + wait, now)
    return Order(
        number=number,
        customer=customer,
        status=status,
        placed_at=placed_at,
        shipped_at=shipped_at,
        note=dice.choice(NOTES) if dice.random() < 0.08 else "",
    )


def _draw_status(age: timedelta, *, dice: random.Random) -> str:
    """Return where an order of this age stands."""
    if dice.random() < 0.045:
        return Order.Status.CANCELLED
    if age < timedelta(days=1):
        return dice.choices(
            [Order.Status.NEW, Order.Status.PAID, Order.Status.SHIPPED], [4, 5, 1]
        )[0]
    if age < timedelta(days=3):
        return dice.choices(
            [Order.Status.NEW, Order.Status.PAID, Order.Status.SHIPPED], [1, 4, 5]
        )[0]
    if age < timedelta(days=8):
        return dice.choices([Order.Status.SHIPPED, Order.Status.DELIVERED], [5, 5])[0]
    return Order.Status.DELIVERED


def _make_lines(
    order: Order, products: list[Product], *, dice: random.Random
) -> list[OrderLine]:
    count = dice.choices([1, 2, 3, 4, 6], [38, 30, 18, 10, 4])[0]
    return [
        OrderLine(
            order=order,
            product=product,
            quantity=dice.choices([1, 2, 3, 4], [70, 20, 6, 4])[0],
            unit_price=product.price,
        )
        for product in dice.sample(products, count)
    ]
