"""The screens of coupons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from panel.model_admin import PanelModelAdmin
from panel.shop.admin.badge import badge
from panel.shop.admin.money import euros
from panel.shop.models import Coupon
from panel.shop.models.coupon import CouponQuerySet


class CouponForm(forms.ModelForm):
    class Meta:
        model = Coupon
        fields = (
            "code",
            "description",
            "percent",
            "amount",
            "min_total",
            "valid_from",
            "valid_until",
            "active",
        )

    def clean(self) -> dict[str, Any]:
        """Hold fields against each other: one kind of discount, a span that runs on."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_discount(cleaned)
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begin and end and end <= begin:
            self.add_error(
                "valid_until", _("The coupon has to end after the time it begins.")
            )
        return cleaned

    def _check_discount(self, cleaned: dict[str, Any]) -> None:
        if {"percent", "amount"} & self.errors.keys():
            return
        percent, amount = cleaned.get("percent"), cleaned.get("amount")
        if (percent is None) == (amount is None):
            raise ValidationError(
                _("Give either a percentage or an amount, not both and not neither.")
            )
        least = cleaned.get("min_total")
        if amount is not None and least is not None and amount > least:
            self.add_error(
                "amount",
                _(
                    "More than the minimum total: an order could cost less than nothing."
                ),
            )


class ValidityFilter(admin.SimpleListFilter):
    title = _("validity")
    parameter_name = "validity"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Any]]:
        del request, model_admin
        return [
            ("running", _("Running")),
            ("upcoming", _("Upcoming")),
            ("over", _("Over")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Coupon]
    ) -> QuerySet[Coupon]:
        del request
        if not isinstance(queryset, CouponQuerySet):
            return queryset
        verbs = {
            "running": queryset.running,
            "upcoming": queryset.upcoming,
            "over": queryset.over,
        }
        chosen = verbs.get(self.value() or "")
        return chosen(at=timezone.now()) if chosen else queryset


@admin.register(Coupon)
class CouponAdmin(PanelModelAdmin):
    form = CouponForm
    list_display = (
        "code",
        "discount",
        "minimum",
        "valid_from",
        "valid_until",
        "state",
        "description",
    )
    list_filter = (ValidityFilter, "active")
    search_placeholder = _("Code or description")
    search_fields = ("code", "description")
    date_hierarchy = "valid_from"
    fieldsets = (
        (None, {"fields": ("code", "description", "active")}),
        (
            _("Discount"),
            {
                "fields": (("percent", "amount"), "min_total"),
                "description": _("Give either a percentage or an amount."),
            },
        ),
        (_("Validity"), {"fields": ("valid_from", "valid_until")}),
    )

    @admin.display(description=_("discount"))
    def discount(self, coupon: Coupon) -> str | None:
        if coupon.percent is not None:
            return f"{coupon.percent} %"
        return euros(coupon.amount) if coupon.amount is not None else None

    @admin.display(description=_("from an order of"), ordering="min_total")
    def minimum(self, coupon: Coupon) -> str | None:
        return euros(coupon.min_total) if coupon.min_total else None

    @admin.display(description=_("state"))
    def state(self, coupon: Coupon) -> SafeString:
        now = timezone.now()
        if not coupon.active:
            return badge(_("Switched off"), tone="grey")
        if coupon.valid_until and coupon.valid_until <= now:
            return badge(_("Over"), tone="grey")
        if coupon.valid_from > now:
            return badge(_("Upcoming"), tone="blue")
        return badge(_("Running"), tone="green")
