"""An order, its lines, and the random number by which people call it."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import DecimalField, F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from panel.shop.models.customer import Customer
from panel.shop.models.product import Product

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1 or I: an order number is read out on the telephone."""
NUMBER_LENGTH = 6

MONEY = DecimalField(max_digits=12, decimal_places=2)


def make_order_number() -> str:
    """Return a number such as `HP-7K2M9Q`, one of a thousand million."""
    text = "".join(
        secrets.choice(NUMBER_ALPHABET) for _position in range(NUMBER_LENGTH)
    )
    return f"HP-{text}"


class OrderQuerySet(models.QuerySet["Order"]):
    def with_total(self) -> Self:
        """Add `total_amount`, the sum of the lines."""
        lines = Sum(F("lines__quantity") * F("lines__unit_price"), output_field=MONEY)
        return self.annotate(
            total_amount=Coalesce(lines, Value(Decimal(0), output_field=MONEY))
        )

    def to_ship(self) -> Self:
        """Orders that are paid for and wait in the warehouse."""
        return self.filter(status=Order.Status.PAID)


class Order(models.Model):
    class Status(models.TextChoices):
        NEW = "new", _("New")
        PAID = "paid", _("Paid")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(
        _("number"),
        max_length=12,
        unique=True,
        default=make_order_number,
        editable=False,
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="orders",
        verbose_name=_("customer"),
    )
    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.NEW, db_index=True
    )
    placed_at = models.DateTimeField(_("placed"), db_index=True)
    shipped_at = models.DateTimeField(
        _("shipped"),
        null=True,
        blank=True,
        help_text=_("Filled in by the action “Mark as shipped”."),
    )
    note = models.TextField(_("note"), blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-placed_at",)
        constraints = (
            models.CheckConstraint(
                name="shop_order_shipped_after_placed",
                condition=Q(shipped_at=None) | Q(shipped_at__gte=F("placed_at")),
                violation_error_message=_(
                    "An order cannot be shipped before it was placed."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="lines", verbose_name=_("order")
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        related_name="order_lines",
        verbose_name=_("product"),
    )
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1)]
    )
    unit_price = models.DecimalField(
        _("unit price"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.quantity} \N{MULTIPLICATION SIGN} {self.product}"
