"""The screens of customers."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from panel.model_admin import PanelModelAdmin
from panel.shop.models import Customer


@admin.register(Customer)
class CustomerAdmin(PanelModelAdmin):
    list_display = (
        "name",
        "email",
        "city",
        "country",
        "order_count",
        "last_order",
    )
    list_filter = ("country", "newsletter", "joined_at")
    search_placeholder = _("Name, e-mail or city")
    search_fields = ("first_name", "last_name", "email", "city")
    date_hierarchy = "joined_at"
    list_per_page = 50
    # The model's own order is lost where rows are counted in groups.
    ordering = ("last_name", "first_name")
    fieldsets = (
        (None, {"fields": (("first_name", "last_name"), ("email", "phone"))}),
        (
            _("Address"),
            {"fields": ("address", ("postcode", "city"), "country")},
        ),
        (_("About"), {"fields": ("newsletter", "notes", "joined_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        customers: QuerySet[Customer] = super().get_queryset(request)
        return customers.annotate(
            order_total=Count("orders"), last_order_at=Max("orders__placed_at")
        )

    @admin.display(description=_("name"), ordering="last_name")
    def name(self, customer: Customer) -> str:
        return str(customer)

    @admin.display(description=_("orders"), ordering="order_total")
    def order_count(self, customer: Customer) -> int:
        count: int = customer.order_total  # type: ignore[attr-defined]  # annotated
        return count

    @admin.display(description=_("last order"), ordering="last_order_at")
    def last_order(self, customer: Customer) -> datetime | None:
        at: datetime | None = customer.last_order_at  # type: ignore[attr-defined]  # as above
        return at
