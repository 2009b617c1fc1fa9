"""The form of a product, with the rules that need more than one field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from panel.shop.models import Product


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = (
            "name",
            "sku",
            "category",
            "status",
            "price",
            "stock",
            "reorder_level",
            "available_from",
            "description",
            "tags",
        )
        widgets = {"tags": forms.CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any]:
        """Hold the status against the price and the date."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        status, price = cleaned.get("status"), cleaned.get("price")
        if status == Product.Status.ON_SALE and price is not None and price <= 0:
            self.add_error(
                "price", _("A product on sale needs a price of more than zero.")
            )
        begin = cleaned.get("available_from")
        is_over = status == Product.Status.DISCONTINUED
        if is_over and begin and begin > timezone.now():
            self.add_error(
                "available_from",
                _("A discontinued product cannot become available in the future."),
            )
        return cleaned
