"""A code that makes an order cheaper for a while."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CouponQuerySet(models.QuerySet["Coupon"]):
    def upcoming(self, *, at: datetime) -> Self:
        return self.filter(valid_from__gt=at)

    def running(self, *, at: datetime) -> Self:
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at
        )

    def over(self, *, at: datetime) -> Self:
        return self.filter(valid_until__lte=at)


class Coupon(models.Model):
    """Takes off a percentage or an amount, never both."""

    code = models.CharField(
        _("code"),
        max_length=24,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9]{4,24}\Z",
                _("A code is 4 to 24 capital letters and digits: WINTER10."),
            )
        ],
        help_text=_("Capital letters and digits, such as WINTER10."),
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("percent off"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    amount = models.DecimalField(
        _("amount off"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("In euros."),
    )
    min_total = models.DecimalField(
        _("minimum total"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("The order has to come to this much, in euros."),
    )
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(
        _("valid until"), null=True, blank=True, help_text=_("Empty: without end.")
    )
    active = models.BooleanField(_("active"), default=True)

    objects = CouponQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        ordering = ("-valid_from",)

    def __str__(self) -> str:
        return self.code
