"""The shop's screens: importing this registers them."""

from __future__ import annotations

from panel.shop.admin.category import CategoryAdmin
from panel.shop.admin.coupon import CouponAdmin
from panel.shop.admin.customer import CustomerAdmin
from panel.shop.admin.order import OrderAdmin
from panel.shop.admin.product import ProductAdmin

__all__ = [
    "CategoryAdmin",
    "CouponAdmin",
    "CustomerAdmin",
    "OrderAdmin",
    "ProductAdmin",
]
