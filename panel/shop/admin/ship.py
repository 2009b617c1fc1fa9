"""The action “Mark as shipped”: paid orders leave the house, others stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panel.shop.models import Order


@admin.action(description=_("Mark as shipped"), permissions=["change"])
def mark_as_shipped(
    model_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Order]
) -> None:
    now = timezone.now()
    shipped, left = ship_orders(chosen, user_id=request.user.pk, now=now)
    if shipped:
        text = ngettext(
            "%d order marked as shipped.", "%d orders marked as shipped.", shipped
        )
        model_admin.message_user(request, text % shipped, messages.SUCCESS)
    if left:
        text = ngettext(
            "%d order was left as it is: only a paid order can be shipped.",
            "%d orders were left as they are: only paid orders can be shipped.",
            left,
        )
        model_admin.message_user(request, text % left, messages.WARNING)


@transaction.atomic
def ship_orders(
    chosen: QuerySet[Order], *, user_id: Any, now: datetime
) -> tuple[int, int]:
    """Ship the paid ones of `chosen`; return how many were shipped and how many not.

    The status is asked for again in the UPDATE, so that an order which somebody
    cancels meanwhile stays cancelled.
    """
    ids = list(chosen.values_list("pk", flat=True))
    waiting = Order.objects.filter(pk__in=ids, placed_at__lte=now).to_ship()
    paid_ids = list(waiting.select_for_update().values_list("pk", flat=True))
    waiting.filter(pk__in=paid_ids).update(status=Order.Status.SHIPPED, shipped_at=now)
    shipped = Order.objects.filter(pk__in=paid_ids)
    LogEntry.objects.log_actions(user_id, shipped, CHANGE, "Marked as shipped.")
    return len(paid_ids), len(ids) - len(paid_ids)
