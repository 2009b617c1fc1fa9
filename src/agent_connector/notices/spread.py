"""Turn events that somebody is to be told of into notices: one for each recipient."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agent_connector.models import Event, Mailbox, Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet

WINDOW = timedelta(days=30)
"""What nobody was told of for so long is no news any more."""
BATCH = 500


def spread_events(*, now: datetime) -> None:
    """Make what is missing. Twice at a moment is harmless: the constraint holds."""
    administrators = _administrators()
    for events in _batches(untold(now=now)):
        pairs = [
            (event["pk"], recipient)
            for event in events
            # In one order, so that two who do this at once never wait in a circle.
            for recipient in sorted(_recipients(event, administrators), key=str)
        ]
        with transaction.atomic():
            Mailbox.objects.bulk_create(
                [
                    Mailbox(user_id=pk, next_at=now)
                    for pk in sorted({pk for _, pk in pairs}, key=str)
                ],
                ignore_conflicts=True,
            )
            Notice.objects.bulk_create(
                [
                    Notice(event_id=event, recipient_id=recipient, made_at=now)
                    for event, recipient in pairs
                ],
                ignore_conflicts=True,
            )


def untold(*, now: datetime) -> QuerySet[Event, Any]:
    """Return the events that have an audience and no notice yet.

    A consent counts as a new connection once its code was exchanged.
    """
    is_real = ~Q(kind=Event.Kind.CONNECTION_OPENED) | Q(
        connection__exchanged_at__isnull=False
    )
    told = Notice.objects.filter(event=OuterRef("pk"))
    return Event.objects.exclude(audience=Event.Audience.NOBODY).filter(
        is_real, ~Exists(told), at__gt=now - WINDOW
    )


def _batches(events: QuerySet[Event, Any]) -> Iterator[list[Any]]:
    """Yield them in the order of their keys: one that nobody can be told of is passed."""
    columns = events.order_by("pk").values("pk", "user_id", "actor_id", "audience")
    batch = list(columns[:BATCH])
    while batch:
        yield batch
        batch = list(columns.filter(pk__gt=batch[-1]["pk"])[:BATCH])


def _recipients(event: Any, administrators: set[Any]) -> set[Any]:
    """Return the user, and the administrators but for the one who did it."""
    found = {event["user_id"]} - {None}
    if event["audience"] == Event.Audience.ADMINISTRATORS:
        found |= administrators - {event["actor_id"]}
    return found


def _administrators() -> set[Any]:
    """Return the active superusers; who of them has an address is seen when mailed."""
    model = get_user_model()
    if not hasattr(model, "is_superuser"):
        return set()  # a project's own idea of users
    active = model._default_manager.filter(is_superuser=True, is_active=True)
    return set(active.values_list("pk", flat=True))
