"""What a search is held against: the same rows by hand, for a token found by the ORM."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import include, path, reverse
from django.views.decorators.csrf import csrf_exempt

from agent_connector.connections.secret import digest_secret
from agent_connector.models import Token
from panel.shop.admin.money import euros
from panel.shop.models import Order

ROWS = 20


@csrf_exempt
def plain_view(request: HttpRequest) -> JsonResponse:
    """Find the token, and answer the rows of the list with their columns."""
    bearer = request.headers["Authorization"].removeprefix("Bearer ")
    json.loads(request.body)
    token = Token.objects.select_related("connection__user__mcp_access").get(
        digest=digest_secret(bearer), kind=Token.Kind.ACCESS
    )
    assert token.connection.user.has_perm("shop.view_order")
    orders = Order.objects.with_total().select_related("customer")
    newest = orders.order_by("-placed_at", "-pk")  # as the list in the admin is
    return JsonResponse({"rows": [_row(order) for order in newest[:ROWS]]})


def _row(order: Any) -> dict[str, Any]:
    return {
        "id": str(order.pk),
        "label": str(order),
        "url": reverse("admin:shop_order_change", args=(order.pk,)),
        "values": {
            "number": order.number,
            "customer": {"id": str(order.customer_id), "label": str(order.customer)},
            "shown_status": str(order.get_status_display()),
            "total": euros(order.total_amount),
            "placed_at": order.placed_at.isoformat(),
            "shipped_at": order.shipped_at,
        },
    }


urlpatterns = [path("plain", plain_view), path("", include("panel.urls"))]
