"""Turn the story into clients and connections with their dates."""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from agent_connector.models import Client, Connection, MCPAccess
from panel.demo.samples.clock import office_time
from panel.demo.samples.programs import register_program
from panel.demo.samples.story import EPISODES, PERSONAL, Ending, Episode

IDLE = timedelta(days=30)
LONGEST = timedelta(days=180)
LONGEST_PERSONAL = timedelta(days=90)
LABEL = "Sample"
"""Stands on every connection made here, so that nobody takes it for a real one."""

PERSONAL_LABELS = ("nightly stock report", "warehouse screen", "price check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A connection of the samples, with what is needed to write its calls."""

    episode: Episode
    connection: Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    opened: datetime
    last_used: datetime
    revoked: datetime | None
    expires: datetime


def write_history(
    users: Mapping[str, User],
    *,
    admin: User,
    resource: str,
    dice: random.Random,
    now: datetime,
) -> list[Chapter]:
    """Store clients and connections and return them with their episodes."""
    access = MCPAccess.objects.in_bulk([user.pk for user in users.values()])
    chapters: list[Chapter] = []
    replaced: dict[tuple[str, str], Connection] = {}
    for number, episode in enumerate(EPISODES, start=1):
        row = access[users[episode.username].pk]
        dates = _draw_dates(episode, row, dice=dice, now=now)
        connection = Connection(
            user=users[episode.username],
            level=episode.level,
            resource=resource,
            epoch=0,
            created_at=dates.opened,
            created_from=address_of(episode.username),
            last_used_at=dates.last_used,
            last_used_from=address_of(episode.username),
            expires_at=min(dates.expires, dates.opened + LONGEST),
            absolute_expires_at=dates.opened + LONGEST,
            exchanged_at=dates.opened + timedelta(seconds=3),
        )
        _set_origin(connection, episode, number=number, replaced=replaced)
        _set_ending(connection, episode, at=dates.revoked, admin=admin)
        chapters.append(Chapter(episode=episode, connection=connection))
    _save(chapters)
    return chapters


def address_of(username: str) -> str:
    """Return the address of a person's desk, out of a range kept for examples."""
    return f"203.0.113.{20 + zlib.crc32(username.encode()) % 200}"


def _draw_dates(
    episode: Episode, access: MCPAccess, *, dice: random.Random, now: datetime
) -> Dates:
    """Draw the dates of an episode so that none of them contradicts another."""
    opened = office_time(days_ago=episode.opened_days, dice=dice, now=now)
    opened = max(opened, (access.added_at or opened) + timedelta(minutes=5))
    last = office_time(days_ago=episode.ended_days, dice=dice, now=now)
    last = max(last, opened + timedelta(minutes=dice.randint(3, 30)))
    match episode.ending:
        case Ending.ACTIVE:
            if episode.ended_days == 0 and episode.busy >= 5:
                last = now - timedelta(minutes=dice.randint(3, 170))
            return Dates(
                opened=opened, last_used=last, revoked=None, expires=last + IDLE
            )
        case Ending.EXPIRED:
            is_personal = episode.program == PERSONAL
            expires = opened + LONGEST_PERSONAL if is_personal else last
            used = max(expires - IDLE, opened + timedelta(minutes=5))
            return Dates(opened=opened, last_used=used, revoked=None, expires=expires)
        case Ending.DISABLED:
            last = access.changed_at or last
        case _:
            pass
    used = max(last - timedelta(minutes=dice.randint(1, 50)), opened)
    return Dates(opened=opened, last_used=used, revoked=last, expires=used + IDLE)


def _set_origin(
    connection: Connection,
    episode: Episode,
    *,
    number: int,
    replaced: dict[tuple[str, str], Connection],
) -> None:
    """Say where the connection comes from: a program, or a token made by hand."""
    if episode.program == PERSONAL:
        connection.origin = Connection.Origin.PERSONAL
        name = PERSONAL_LABELS[number % len(PERSONAL_LABELS)]
        connection.label = f"{LABEL}: {name}"
        connection.absolute_expires_at = connection.expires_at
        return
    connection.origin, connection.label = Connection.Origin.OAUTH, LABEL
    key = (episode.username, episode.program)
    before = replaced.pop(key, None)
    if before is not None:
        # The same installation signed in again: that is what ended the older one.
        connection.client = before.client
        before.revoked_at = connection.created_at
        before.last_used_at = min(
            before.last_used_at or before.created_at, connection.created_at
        )
    else:
        connection.client = register_program(
            episode.program,
            number=number,
            address=address_of(episode.username),
            at=connection.created_at,
        )
    connection.client_name = connection.client.name if connection.client else ""
    if episode.ending == Ending.REPLACED:
        replaced[key] = connection


def _set_ending(
    connection: Connection, episode: Episode, *, at: datetime | None, admin: User
) -> None:
    if at is None:
        return
    connection.revoked_at = at
    connection.revoked_reason = Connection.RevokedReason(episode.ending.value)
    if episode.ending == Ending.USER:
        connection.revoked_by = connection.user
    elif episode.ending in {Ending.ADMIN, Ending.DISABLED}:
        connection.revoked_by = admin


def _save(chapters: list[Chapter]) -> None:
    clients: dict[str, Client] = {}
    for chapter in chapters:
        client = chapter.connection.client
        if client is not None:
            client.last_used_at = chapter.connection.last_used_at
            clients[client.client_id] = client
    Client.objects.bulk_create(clients.values())
    for chapter in chapters:
        # Saved only now, so the connection learns its client's key only now.
        chapter.connection.client = chapter.connection.client
    Connection.objects.bulk_create(chapter.connection for chapter in chapters)
