"""Give the demo accounts and the sample staff their MCP access, and its events."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from agent_connector.models import Connection, Event, MCPAccess
from panel.demo.accounts import ACCOUNTS
from panel.demo.samples.clock import office_time
from panel.demo.samples.history import Chapter, address_of
from panel.demo.samples.moments import moments
from panel.demo.samples.staff import STAFF


def enable_accounts(users: Mapping[str, User], *, admin: User, now: datetime) -> None:
    """Let those demo accounts connect clients that may; leave known ones alone."""
    for account in ACCOUNTS:
        if account.is_enabled:
            MCPAccess.objects.get_or_create(
                user=users[account.username],
                defaults={
                    "enabled": True,
                    "added_at": now,
                    "changed_at": now,
                    "changed_by": admin,
                },
            )


def write_access(
    users: Mapping[str, User], *, admin: User, dice: random.Random, now: datetime
) -> None:
    """Store who of the sample staff was enabled, and who was disabled again.

    Before the connections: without access there is none.
    """
    events: list[Event] = []
    rows: list[MCPAccess] = []
    for person in STAFF:
        if person.enabled_days is None:
            continue
        user = users[person.username]
        added = office_time(days_ago=person.enabled_days, dice=dice, now=now)
        row = MCPAccess(
            user=user, enabled=True, added_at=added, changed_at=added, changed_by=admin
        )
        events.append(
            _event(Event.Kind.ACCESS_ENABLED, user=user, actor=admin, at=added)
        )
        if person.disabled_days is not None:
            ended = office_time(days_ago=person.disabled_days, dice=dice, now=now)
            row.enabled, row.changed_at, row.epoch = False, ended, 1
            events.append(
                _event(Event.Kind.ACCESS_DISABLED, user=user, actor=admin, at=ended)
            )
        rows.append(row)
    MCPAccess.objects.bulk_create(rows, ignore_conflicts=True)
    Event.objects.bulk_create(events)


def write_last_used(chapters: Sequence[Chapter]) -> None:
    """Carry the last use of each person's connections over to their access."""
    last: dict[int, datetime] = {}
    for chapter in chapters:
        used, key = chapter.connection.last_used_at, chapter.connection.user_id
        if used is not None:
            last[key] = max(used, last.get(key, used))
    rows = list(MCPAccess.objects.filter(pk__in=last))
    for row in rows:
        row.last_used_at = last[row.pk]
    MCPAccess.objects.bulk_update(rows, ["last_used_at"])


def write_events(
    chapters: Sequence[Chapter],
    users: Mapping[str, User],
    *,
    dice: random.Random,
    now: datetime,
) -> None:
    """Store how each connection began and ended, and what else happened."""
    known: set[object] = set()
    events = [
        event
        for chapter in chapters
        for event in _events_of(chapter.connection, known=known)
    ]
    for moment in moments():
        event = _event(
            moment.kind,
            user=users[moment.username],
            actor=users[moment.actor],
            at=office_time(days_ago=moment.days_ago, dice=dice, now=now),
        )
        event.detail = moment.detail
        events.append(event)
    Event.objects.bulk_create(sorted(events, key=lambda event: event.at))


def _events_of(connection: Connection, *, known: set[object]) -> Iterator[Event]:
    """Yield them; a client that is not `known` yet has registered first."""
    name = connection.client_name or connection.label
    opened = _event(
        Event.Kind.CONNECTION_OPENED,
        user=connection.user,
        actor=connection.user,
        at=connection.created_at,
    )
    opened.connection, opened.detail = connection, f"{name} ({connection.level})"
    yield opened
    if connection.client_id is not None and connection.client_id not in known:
        known.add(connection.client_id)
        registered = _event(
            Event.Kind.CLIENT_REGISTERED,
            user=connection.user,
            actor=None,
            at=connection.created_at - timedelta(seconds=40),
        )
        registered.connection = connection
        yield registered
    if connection.revoked_at is not None:
        ended = _event(
            Event.Kind.CONNECTION_REVOKED,
            user=connection.user,
            actor=connection.revoked_by,
            at=connection.revoked_at,
        )
        ended.connection = connection
        ended.detail = f"{name}: {connection.revoked_reason}"
        yield ended
    if connection.revoked_reason == Connection.RevokedReason.REUSE:
        alarm = _event(
            Event.Kind.REFRESH_REUSED,
            user=connection.user,
            actor=None,
            at=(connection.revoked_at or connection.created_at) - timedelta(seconds=1),
        )
        alarm.connection = connection
        yield alarm


def _event(kind: Event.Kind, *, user: User, actor: User | None, at: datetime) -> Event:
    return Event(
        at=at,
        kind=kind,
        user=user,
        user_name=user.get_username(),
        actor=actor,
        actor_name=actor.get_username() if actor else "",
        address=address_of((actor or user).get_username()),
    )
