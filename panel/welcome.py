"""What the welcome page shows: figures of the day and how to try the product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import server_at
from agent_connector.guides.registry import guides_for
from agent_connector.models import Connection, MCPAccess, ToolCall
from agent_connector.policy.site import resource_url
from panel.shop.models import Order, Product

T = TypeVar("T", bound=Model)


SERVER_NAME = "demo"
"""What clients call this server, as in `claude mcp add … demo …`."""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its name, and the list that holds what it counts."""

    label: str | Promise
    count: int
    url: str
    needs_attention: bool = False


def welcome_context(site: AdminSite, request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    user_pk = request.user.pk or 0
    access = MCPAccess.objects.filter(user_id=user_pk).first()
    return {
        "figures": [
            *_shop_figures(site, request, now=now),
            *_agent_figures(request, now=now),
        ],
        "is_enabled": access is not None and access.enabled,
        "own_connections": Connection.objects.active(at=now)
        .filter(user_id=user_pk)
        .count(),
        "grid_url": _grid_url(request),
        "account_url": reverse("admin:agent_connector_mcpuser_account"),
        "sees_drafts": request.user.has_perm("shop.view_draft_product"),
        "agent_command": agent_command(),
        "guides": guides_for(server_at(resource_url(), title=SERVER_NAME)),
    }


def agent_command() -> str:
    """Return what starts the scripted client against this very demo."""
    return (
        "make agent" if settings.PORT == "8000" else f"PORT={settings.PORT} make agent"
    )


def _grid_url(request: HttpRequest) -> str:
    """Return the address of the grid, empty for those who may not see it."""
    if not request.user.has_perm("agent_connector.view_mcpuser"):
        return ""
    return reverse("admin:agent_connector_mcpuser_changelist")


def _calls_url() -> str:
    """Return the address of the list of tool calls, empty while there is none."""
    try:
        return reverse("admin:agent_connector_toolcall_changelist")
    except NoReverseMatch:
        return ""


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _shop_figures(
    site: AdminSite, request: HttpRequest, *, now: datetime
) -> Iterator[Figure]:
    orders = _visible(site, request, Order)
    if orders is not None:
        url = reverse("admin:shop_order_changelist")
        midnight = _midnight(now)
        yield Figure(
            label=_("Orders today"),
            count=orders.filter(placed_at__gte=midnight).count(),
            url=f"{url}?placed_at__year={midnight.year}"
            f"&placed_at__month={midnight.month}&placed_at__day={midnight.day}",
        )
        waiting = orders.filter(status=Order.Status.PAID).count()
        yield Figure(label=_("To ship"), count=waiting, url=f"{url}?status__exact=paid")
    products = _visible(site, request, Product)
    if products is not None:
        low = (
            Product.objects.low_on_stock().filter(pk__in=products.values("pk")).count()
        )
        url = reverse("admin:shop_product_changelist")
        yield Figure(
            label=_("Low on stock"),
            count=low,
            url=f"{url}?status__exact=on_sale&stock_level=low",
            needs_attention=low > 0,
        )


def _agent_figures(request: HttpRequest, *, now: datetime) -> Iterator[Figure]:
    grid_url = _grid_url(request)
    if grid_url:
        yield Figure(
            label=_("Active connections"),
            count=Connection.objects.active(at=now).count(),
            url=grid_url,
        )
    if request.user.has_perm("agent_connector.view_toolcall"):
        yield Figure(
            label=_("Tool calls today"),
            count=ToolCall.objects.filter(at__gte=_midnight(now)).count(),
            url=_calls_url() or grid_url,
        )


def _visible(
    site: AdminSite, request: HttpRequest, model: type[T]
) -> QuerySet[T] | None:
    """Return the rows of `model` that the viewer's own list shows, if any list."""
    model_admin = site.get_model_admin(model)
    if not model_admin.has_view_permission(request):
        return None
    return model_admin.get_queryset(request)
