"""The screens of categories."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from panel.model_admin import PanelModelAdmin
from panel.shop.models import Category, Product


@admin.register(Category)
class CategoryAdmin(PanelModelAdmin):
    list_display = ("name", "products_on_sale", "description")
    search_placeholder = _("Name")
    search_fields = ("name", "slug")
    # The model's own order is lost where rows are counted in groups.
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        on_sale = Q(products__status=Product.Status.ON_SALE)
        categories: QuerySet[Category] = super().get_queryset(request)
        return categories.annotate(on_sale_count=Count("products", filter=on_sale))

    @admin.display(description=_("products on sale"), ordering="on_sale_count")
    def products_on_sale(self, category: Category) -> int:
        count: int = category.on_sale_count  # type: ignore[attr-defined]  # annotated
        return count
