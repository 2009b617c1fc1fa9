"""What agents may do in the shop beside what its admin has."""

from __future__ import annotations

from typing import Annotated, TypedDict

import msgspec
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import F

from agent_connector.tools import Caller, Scope, ToolFailed, tool
from panel.shop.models import Product

Sku = Annotated[str, msgspec.Meta(description="As printed on the box: KIT-0042.")]
Pieces = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class Stock(TypedDict):
    sku: str
    stock: int


@tool(needs=Scope.WRITE, permission="shop.change_product", destructive=False)
def take_delivery(caller: Caller, *, sku: Sku, pieces: Pieces) -> Stock:
    """Adds the pieces of a delivery to the stock of a product.

    For programmers: only the paragraph above is shown to agents.
    """
    products = Product.objects.filter(sku=sku)
    if not products.update(stock=F("stock") + pieces):
        raise ToolFailed(
            f"There is no product {sku}.",
            following="Find its SKU with search_records.",
        )
    said = f"Delivery of {pieces}, through {caller.client_name}."
    LogEntry.objects.log_actions(
        caller.user.pk, products, CHANGE, said, single_object=True
    )
    return Stock(sku=sku, stock=products.get().stock)
