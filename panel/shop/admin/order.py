"""The screens of orders, with their lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.changed_by_agents import ChangedByAgents
from panel.model_admin import PanelModelAdmin
from panel.shop.admin.badge import Tone, badge
from panel.shop.admin.money import euros
from panel.shop.admin.order_form import OrderForm, OrderLineForm
from panel.shop.admin.ship import mark_as_shipped
from panel.shop.models import Order, OrderLine
from panel.shop.models.order import OrderQuerySet

STATUS_TONES: dict[str, Tone] = {
    Order.Status.NEW: "blue",
    Order.Status.PAID: "amber",
    Order.Status.SHIPPED: "green",
    Order.Status.DELIVERED: "grey",
    Order.Status.CANCELLED: "red",
}


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    form = OrderLineForm
    extra = 0
    autocomplete_fields = ("product",)
    fields = ("product", "quantity", "unit_price", "line_total")
    readonly_fields = ("line_total",)

    @admin.display(description=_("total"))
    def line_total(self, line: OrderLine) -> str | None:
        if not line.pk:  # a line that is being added
            return None
        return euros(line.quantity * line.unit_price)


@admin.register(Order)
class OrderAdmin(PanelModelAdmin):
    form = OrderForm
    inlines = (OrderLineInline,)
    list_display = (
        "number",
        "customer",
        "shown_status",
        "total",
        "placed_at",
        "shipped_at",
    )
    list_filter = ("status", "placed_at", "customer__country", ChangedByAgents)
    list_select_related = ("customer",)
    list_per_page = 50
    date_hierarchy = "placed_at"
    search_placeholder = _("Number or customer")
    search_fields = (
        "number",
        "customer__first_name",
        "customer__last_name",
        "customer__email",
        "note",
    )
    autocomplete_fields = ("customer",)
    readonly_fields = ("number", "total")
    actions = (mark_as_shipped,)
    fieldsets = (
        (None, {"fields": ("customer", "status")}),
        (_("Dates"), {"fields": ("placed_at", "shipped_at")}),
        (_("Note"), {"fields": ("note",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> Any:
        """Head the page with number and total, which a new order gets on saving."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        return [(None, {"fields": (("number", "total"),)}), *fieldsets]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        orders = super().get_queryset(request)
        return orders.with_total() if isinstance(orders, OrderQuerySet) else orders

    @admin.display(description=_("status"), ordering="status")
    def shown_status(self, order: Order) -> SafeString:
        return badge(order.get_status_display(), tone=STATUS_TONES[order.status])

    @admin.display(description=_("total"), ordering="total_amount")
    def total(self, order: Order) -> str:
        amount: Decimal = order.total_amount  # type: ignore[attr-defined]  # annotated
        return euros(amount)
