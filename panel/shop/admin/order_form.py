"""The forms of an order and its lines, with the rules that need several fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from panel.shop.models import Order, OrderLine

SENT = (Order.Status.SHIPPED, Order.Status.DELIVERED)


class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ("customer", "status", "placed_at", "shipped_at", "note")

    def clean(self) -> dict[str, Any]:
        """Hold the status against the time of shipping."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "status" not in cleaned or "shipped_at" not in cleaned:
            return cleaned
        is_sent, shipped_at = cleaned["status"] in SENT, cleaned["shipped_at"]
        if is_sent and shipped_at is None:
            self.add_error(
                "shipped_at", _("Say when the order was shipped, or change its status.")
            )
        if not is_sent and shipped_at is not None:
            self.add_error(
                "shipped_at",
                _("Only a shipped or delivered order has a time of shipping."),
            )
        return cleaned


class OrderLineForm(forms.ModelForm):
    """Takes the product's price when none is given."""

    class Meta:
        model = OrderLine
        fields = ("product", "quantity", "unit_price")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit_price" in self.fields:
            self.fields["unit_price"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        product = cleaned.get("product")
        if product and "unit_price" in cleaned and cleaned["unit_price"] is None:
            cleaned["unit_price"] = product.price
        return cleaned
