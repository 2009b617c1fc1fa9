"""The shop's tables, one file each."""

from __future__ import annotations

from panel.shop.models.category import Category
from panel.shop.models.coupon import Coupon
from panel.shop.models.customer import Customer
from panel.shop.models.order import Order, OrderLine
from panel.shop.models.product import Product, Tag

__all__ = [
    "Category",
    "Coupon",
    "Customer",
    "Order",
    "OrderLine",
    "Product",
    "Tag",
]
