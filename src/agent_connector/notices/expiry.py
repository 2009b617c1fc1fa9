"""Put on record that a personal access token is about to expire, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import router, transaction
from django.db.models import Exists, F, OuterRef

from agent_connector.audit.audience import SETTINGS, audience_in
from agent_connector.audit.record import record_event
from agent_connector.models import Connection, Event
from agent_connector.policy.settings import read_settings

if TYPE_CHECKING:
    from django.db.models import QuerySet

BEFORE = timedelta(days=7)
BATCH = 500


def note_expiring(*, now: datetime) -> int:
    """Record an event for each token that ends within a week, and return how many.

    One that was made for a week or less is left out: its maker knows. The rows are
    locked before they are judged again, so that two who look at once note it once.
    """
    site = read_settings()
    if not getattr(site, SETTINGS[Event.Kind.TOKEN_EXPIRING]):
        return 0
    audience = audience_in(site, Event.Kind.TOKEN_EXPIRING)
    with transaction.atomic(using=router.db_for_write(Event)):
        near = _not_noted(now=now).order_by("pk")
        locked = near.select_for_update(of=("self",), skip_locked=True)
        pks = list(locked.values_list("pk", flat=True)[:BATCH])
        found = _not_noted(now=now).filter(pk__in=pks).select_related("user")
        for connection in found:
            record_event(
                Event.Kind.TOKEN_EXPIRING,
                now=now,
                user=connection.user,
                connection=connection,
                detail=connection.label,
                audience=audience,
            )
    return len(found)


def _not_noted(*, now: datetime) -> QuerySet[Connection]:
    noted = Event.objects.filter(
        connection=OuterRef("pk"), kind=Event.Kind.TOKEN_EXPIRING
    )
    return Connection.objects.active(at=now).filter(
        ~Exists(noted),
        origin=Connection.Origin.PERSONAL,
        expires_at__lte=now + BEFORE,
        expires_at__gt=F("created_at") + BEFORE,
    )
