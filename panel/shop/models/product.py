"""A thing that the shop sells, and the tags that describe it."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from panel.shop.models.category import Category


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    def low_on_stock(self) -> Self:
        """Products on sale that have to be ordered again."""
        return self.filter(status=Product.Status.ON_SALE, stock__lte=F("reorder_level"))


class Product(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ON_SALE = "on_sale", _("On sale")
        PAUSED = "paused", _("Paused")
        DISCONTINUED = "discontinued", _("Discontinued")

    name = models.CharField(_("name"), max_length=120)
    sku = models.CharField(
        _("SKU"),
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z]{3}-[0-9]{4}\Z",
                _("A SKU is three capital letters, a dash and four digits: KIT-0042."),
            )
        ],
        help_text=_("Three letters of the category and a number, such as KIT-0042."),
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("category"),
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.DRAFT, db_index=True
    )
    price = models.DecimalField(
        _("price"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In euros, with tax."),
    )
    stock = models.PositiveIntegerField(_("stock"), default=0)
    reorder_level = models.PositiveIntegerField(
        _("reorder level"),
        default=5,
        help_text=_("At this many pieces or fewer the stock counts as low."),
    )
    available_from = models.DateTimeField(
        _("available from"),
        null=True,
        blank=True,
        help_text=_("Leave empty to sell it at once."),
    )
    description = models.TextField(_("description"), blank=True)
    tags = models.ManyToManyField(
        Tag, blank=True, related_name="products", verbose_name=_("tags")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("name",)
        permissions = (("view_draft_product", "Can view draft products"),)
        constraints = (
            models.CheckConstraint(
                name="shop_product_price_not_negative",
                condition=Q(price__gte=0),
                violation_error_message=_("A price cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return self.name
