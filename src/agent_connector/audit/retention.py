"""Remove what is older than it is kept for, a few rows at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import router, transaction
from django.db.models import Model, QuerySet

from agent_connector.models import AuthorizationCode, Event, Throttle, ToolCall

BATCH = 500
"""Rows of one transaction, which is then short on any disk."""

CODES_KEPT_FOR = timedelta(days=1)
"""After its end, so that a second use is still recognised as one."""
WINDOWS_KEPT_FOR = timedelta(days=1)
"""Longer than any window in which something is counted."""


def old_calls(*, before: datetime) -> QuerySet[ToolCall]:
    """Return the tool calls from before that moment."""
    return _stored(ToolCall).filter(at__lt=before).order_by("at")


def old_events(*, before: datetime) -> QuerySet[Event]:
    """Return the events from before that moment: kept for ever, unless somebody asks."""
    return _stored(Event).filter(at__lt=before).order_by("at")


def old_codes(*, now: datetime) -> QuerySet[AuthorizationCode]:
    """Return the authorization codes that nobody needs any more."""
    codes = _stored(AuthorizationCode).filter(expires_at__lt=now - CODES_KEPT_FOR)
    return codes.order_by("expires_at")


def old_windows(*, now: datetime) -> QuerySet[Throttle]:
    """Return the counts of windows of time that are long over."""
    windows = _stored(Throttle).filter(window__lt=now - WINDOWS_KEPT_FOR)
    return windows.order_by("window")


def remove(old: QuerySet[Any]) -> Iterator[int]:
    """Remove these rows batch by batch, and yield how many each time.

    Each batch is a transaction of its own, and between two of them others get their
    turn: as long as one took, since writers that wait ask again only now and then.
    """
    while pks := list(old.values_list("pk", flat=True)[:BATCH]):
        began = time.monotonic()
        with transaction.atomic(using=old.db):
            rows = old.model._base_manager.using(old.db).filter(pk__in=pks)  # noqa: SLF001  # also what nothing else may delete
            rows.only("pk").delete()
        yield len(pks)
        time.sleep(time.monotonic() - began)


def _stored(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.using(router.db_for_write(model))
