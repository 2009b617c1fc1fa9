"""Revoke: end connections and with them all their tokens, for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from agent_connector.audit.audience import (
    ADMINISTRATORS_TOO,
    BY_OTHERS,
    SETTINGS,
    audience_in,
    audience_of,
)
from agent_connector.audit.record import record_event, record_revocations
from agent_connector.models import Client, Connection, Event, MCPAccess
from agent_connector.policy.settings import read_settings, setting_on, with_settings
from agent_connector.signals import connections_revoked, send_on_commit

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Revoked:
    """What a mass revoke ended: active tokens, and the users who had them."""

    users: int
    tokens: int


@transaction.atomic
def revoke_connection(
    connection: Connection,
    *,
    reason: Connection.RevokedReason,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> bool:
    """Revoke one connection and say whether it was this call that ended it.

    Revoking twice is harmless: the first time, actor and reason stand.
    """
    actor_pk = actor.pk if actor else None
    ended = (
        Connection.objects.unrevoked()
        .filter(pk=connection.pk)
        .update(revoked_at=now, revoked_by_id=actor_pk, revoked_reason=reason)
    )
    if not ended:
        return False
    record_event(
        Event.Kind.CONNECTION_REVOKED,
        now=now,
        user=connection.user,
        actor=actor,
        connection=connection,
        address=address,
        detail=f"{connection.name}: {reason}",
        via=via,
        audience=_audience_of(connection, reason=reason, actor_pk=actor_pk),
    )
    send_on_commit(
        connections_revoked,
        Connection,
        connection_ids=[connection.pk],
        actor=actor,
        reason=reason,
    )
    return True


@transaction.atomic
def revoke_misused(
    connection: Connection,
    *,
    reason: Connection.RevokedReason,
    alarm: Event.Kind,
    now: datetime,
    address: str | None,
) -> None:
    """End a connection whose secret two people seem to have, with an alarm on record.

    Once, however often that is tried.
    """
    if revoke_connection(
        connection, reason=reason, actor=None, now=now, address=address
    ):
        record_event(
            alarm,
            now=now,
            user=connection.user,
            connection=connection,
            address=address,
            audience=audience_in(read_settings(), alarm),
        )


def _audience_of(
    connection: Connection, *, reason: Connection.RevokedReason, actor_pk: object
) -> Event.Audience:
    if reason not in BY_OTHERS or connection.user_id == actor_pk:
        return Event.Audience.NOBODY
    return audience_in(read_settings(), Event.Kind.CONNECTION_REVOKED)


@transaction.atomic
def revoke_users(
    user_pks: Iterable[Any],
    *,
    reason: Connection.RevokedReason,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> Revoked:
    """Revoke every connection of these users in four statements, however many.

    The epoch makes sure that also a connection which is being opened right now is
    dead; the rows say who, when and why. What had expired before stays "Expired".
    """
    pks = list(user_pks)
    MCPAccess.objects.filter(pk__in=pks).update(epoch=F("epoch") + 1)
    theirs = Connection.objects.unrevoked().filter(user__in=pks)
    return _end(theirs, reason=reason, actor=actor, now=now, address=address, via=via)


@transaction.atomic
def revoke_everybody(
    *,
    reason: Connection.RevokedReason,
    actor: User | None,
    now: datetime,
    via: str = "",
) -> Revoked:
    """Revoke every connection of this site, as `revoke_users` does, in five statements.

    The epochs are locked in one order before they are raised, as all else that touches
    many of them does, so that it waits for others and never in a circle.
    """
    locked = MCPAccess.objects.select_for_update(no_key=True).order_by("pk")
    list(locked.values_list("pk"))
    MCPAccess.objects.update(epoch=F("epoch") + 1)
    theirs = Connection.objects.unrevoked()
    return _end(theirs, reason=reason, actor=actor, now=now, address=None, via=via)


def revoke_replaced(
    connection: Connection, *, now: datetime, address: str | None
) -> None:
    """End older connections of the same user and dynamically registered client.

    Such a client id belongs to one installation, so that a new sign-in replaces the
    old one. A document's or manual client id is shared by many and keeps all.
    """
    client = connection.client
    if client is None or client.kind != Client.Kind.DYNAMIC:
        return
    older = older_connections(connection.user_id, client.pk, than=connection.pk)
    reason = Connection.RevokedReason.REPLACED
    _end(older, reason=reason, actor=None, now=now, address=address)


def older_connections(user: Any, client: Any, *, than: Any) -> QuerySet[Connection]:
    """Return what a new sign-in may replace; each a value or a query's `OuterRef`."""
    return Connection.objects.unrevoked().filter(user=user, client=client, pk__lt=than)


@transaction.atomic
def revoke_client(
    client: Client,
    *,
    reason: Connection.RevokedReason,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> Revoked:
    """End every connection of a client, in three statements; new ones may come."""
    its = Connection.objects.unrevoked().filter(client=client)
    return _end(its, reason=reason, actor=actor, now=now, address=address, via=via)


def _end(
    unrevoked: QuerySet[Connection],
    *,
    reason: Connection.RevokedReason,
    actor: User | None,
    now: datetime,
    address: str | None,
    via: str = "",
) -> Revoked:
    """Stamp and record what has not expired of `unrevoked` in three statements.

    The rows are locked in one order, oldest first, so that two such acts at once
    wait for each other and never in a circle.
    """
    actor_pk = actor.pk if actor else None
    kind = Event.Kind.CONNECTION_REVOKED
    live = unrevoked.filter(expires_at__gt=now, absolute_expires_at__gt=now)
    ended = list(
        with_settings(live, SETTINGS[kind], ADMINISTRATORS_TOO)
        .select_for_update(no_key=True)
        .order_by("pk")
        .only("pk", "user_id", "exchanged_at")
    )
    if not ended:
        return Revoked(users=0, tokens=0)
    audience = Event.Audience.NOBODY
    if reason in BY_OTHERS:
        audience = audience_of(kind, partial(setting_on, ended[0]))
    record_revocations(
        live,
        actor=actor,
        reason=reason,
        now=now,
        address=address,
        via=via,
        audience=audience,
    )
    live.update(revoked_at=now, revoked_by_id=actor_pk, revoked_reason=reason)
    send_on_commit(
        connections_revoked,
        Connection,
        connection_ids=[one.pk for one in ended],
        actor=actor,
        reason=reason,
    )
    counted = [one.user_id for one in ended if one.exchanged_at]
    return Revoked(users=len(set(counted)), tokens=len(counted))
