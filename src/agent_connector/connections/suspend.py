"""Suspend a connection of which too many calls in a row are refused, and resume it.

Not the end of it: its tokens stay valid and are refreshed, and count for nothing until
its user or an administrator has looked at what went wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from agent_connector.audit.audience import audience_in
from agent_connector.audit.record import record_event
from agent_connector.models import Connection, Event
from agent_connector.policy.pace import one_more
from agent_connector.policy.settings import read_settings
from agent_connector.signals import connection_suspended, send_on_commit

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from agent_connector.policy.caller import Caller


@transaction.atomic
def count_refused_call(caller: Caller, *, now: datetime) -> None:
    """Count a refused call of the caller's connection; suspend it if it is the last one.

    A call that is done begins the count anew (`record_call`), unless anybody could have
    made it (`Tool.ends_refusals`); one that fails does not.
    """
    connection, most = caller.connection, caller.refused_calls_to_suspend
    Connection.objects.filter(pk=connection.pk).update(
        refused_in_row=F("refused_in_row") + 1, **one_more(now=now)
    )
    if most and _suspend(connection, after=most, now=now):
        _tell(connection, after=most, now=now, address=caller.address)


@transaction.atomic
def resume_connection(
    connection: Connection,
    *,
    actor: User,
    now: datetime,
    address: str | None = None,
) -> bool:
    """Let the connection be used again, and say whether it was suspended."""
    suspended = Connection.objects.unrevoked().filter(
        pk=connection.pk, suspended_at__isnull=False
    )
    if not suspended.update(suspended_at=None, refused_in_row=0):
        return False
    record_event(
        Event.Kind.CONNECTION_RESUMED,
        now=now,
        user=connection.user,
        actor=actor,
        connection=connection,
        address=address,
        detail=connection.name,
    )
    return True


def _suspend(connection: Connection, *, after: int, now: datetime) -> bool:
    """Suspend, and say whether it was this call: of many at one moment it is one."""
    due = Connection.objects.unrevoked().filter(
        pk=connection.pk, suspended_at=None, refused_in_row__gte=after
    )
    return bool(due.update(suspended_at=now))


def _tell(
    connection: Connection, *, after: int, now: datetime, address: str | None
) -> None:
    kind = Event.Kind.CONNECTION_SUSPENDED
    record_event(
        kind,
        now=now,
        user=connection.user,
        connection=connection,
        address=address,
        detail=f"{connection.name}: {after} refused calls in a row",
        audience=audience_in(read_settings(), kind),
    )
    send_on_commit(
        connection_suspended, Connection, connection=connection, refused_calls=after
    )
