"""The screens of products."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.changed_by_agents import ChangedByAgents
from panel.model_admin import PanelModelAdmin
from panel.shop.admin.badge import Tone, badge
from panel.shop.admin.money import euros
from panel.shop.admin.product_form import ProductForm
from panel.shop.admin.restock import restock
from panel.shop.models import Product

STATUS_TONES: dict[str, Tone] = {
    Product.Status.DRAFT: "amber",
    Product.Status.ON_SALE: "green",
    Product.Status.PAUSED: "blue",
    Product.Status.DISCONTINUED: "grey",
}


class StockFilter(admin.SimpleListFilter):
    title = _("stock")
    parameter_name = "stock_level"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Any]]:
        del request, model_admin
        return [
            ("low", _("Low or sold out")),
            ("out", _("Sold out")),
            ("fine", _("Enough")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Product]
    ) -> QuerySet[Product]:
        del request
        match self.value():
            case "out":
                return queryset.filter(stock=0)
            case "low":
                return queryset.filter(stock__lte=F("reorder_level"))
            case "fine":
                return queryset.filter(stock__gt=F("reorder_level"))
            case _:
                return queryset


@admin.register(Product)
class ProductAdmin(PanelModelAdmin):
    """Staff without the permission `shop.view_draft_product` see no drafts."""

    form = ProductForm
    list_display = (
        "name",
        "sku",
        "category",
        "shown_price",
        "shown_stock",
        "shown_status",
        "available_from",
    )
    list_filter = (
        "status",
        StockFilter,
        "category",
        "tags",
        "available_from",
        ChangedByAgents,
    )
    list_select_related = ("category",)
    list_per_page = 50
    search_placeholder = _("Name, SKU or description")
    search_fields = ("name", "sku", "description")
    autocomplete_fields = ("category",)
    readonly_fields = ("created_at", "updated_at")
    actions = (restock,)
    fieldsets = (
        (None, {"fields": ("name", ("sku", "category"), "status", "description")}),
        (
            _("Price and stock"),
            {"fields": ("price", ("stock", "reorder_level"), "available_from")},
        ),
        (_("Tags"), {"fields": ("tags",)}),
        (_("Record"), {"fields": (("created_at", "updated_at"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        products = super().get_queryset(request)
        if request.user.has_perm("shop.view_draft_product"):
            return products
        return products.exclude(status=Product.Status.DRAFT)

    @admin.display(description=_("price"), ordering="price")
    def shown_price(self, product: Product) -> str:
        return euros(product.price)

    @admin.display(description=_("stock"), ordering="stock")
    def shown_stock(self, product: Product) -> str | SafeString:
        if product.stock == 0:
            return badge(_("Sold out"), tone="red")
        if product.stock <= product.reorder_level:
            return badge(_("%d left") % product.stock, tone="amber")
        return str(product.stock)

    @admin.display(description=_("status"), ordering="status")
    def shown_status(self, product: Product) -> SafeString:
        return badge(product.get_status_display(), tone=STATUS_TONES[product.status])
