"""Forget clients that nobody uses, a few at a time, as new ones come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import router, transaction
from django.db.models import Exists, OuterRef, Q

from agent_connector.models import Client, Connection, Throttle

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

UNUSED_AFTER = timedelta(hours=24)
"""A client that nobody has consented to is kept this long."""
IDLE_AFTER = timedelta(days=30)
"""One that was used is kept this long after its last use, if no connection lives."""
BATCH = 50
"""The most that one new client removes: more than one comes in, so none pile up."""


def prune_clients(*, now: datetime) -> int:
    """Remove some of what is stale, and return how many clients that were.

    The rows are locked before they are judged again: from then on a consent waits,
    and one that came before is seen, so that none ends in a client that is gone.
    Their ended connections stay listed under the names they keep themselves.
    """
    Throttle.objects.filter(window__lt=now - UNUSED_AFTER).delete()
    with transaction.atomic(using=router.db_for_write(Client)):
        found = stale(now=now).select_for_update(skip_locked=True, of=("self",))
        pks = list(found.order_by("created_at").values_list("pk", flat=True)[:BATCH])
        removed = stale(now=now).filter(pk__in=pks).delete()[1] if pks else {}
    return removed.get(Client._meta.label, 0)


def stale(*, now: datetime) -> QuerySet[Client]:
    """Return the clients that may go: registered, or fetched by their document.

    What holds one is a connection that still lives, one whose code is not exchanged
    yet, or one that was used lately. What an administrator entered or blocked stays.
    """
    holding = Connection.objects.filter(
        Q(revoked_at=None, expires_at__gt=now) | Q(last_used_at__gt=now - IDLE_AFTER),
        client=OuterRef("pk"),
    )
    return (
        Client.objects.using(router.db_for_write(Client))
        .filter(
            Q(first_used_at=None, created_at__lte=now - UNUSED_AFTER)
            | Q(last_used_at__lte=now - IDLE_AFTER),
            kind__in=[Client.Kind.DYNAMIC, Client.Kind.DOCUMENT],
            trust=Client.Trust.DEFAULT,
        )
        .exclude(Exists(holding))
    )
