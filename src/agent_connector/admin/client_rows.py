"""What is known of the clients on a page: their users, tokens and last use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q

from agent_connector.models import Connection, MCPUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How one client is used, or one user's part of it."""

    users: int = 0
    active_tokens: int = 0
    all_tokens: int = 0
    last_call_at: datetime | None = None


UNUSED = Usage()


def usage_of(client_pks: Iterable[int], *, now: datetime) -> dict[int, Usage]:
    """Return the usage of these clients in one statement; unused ones are left out."""
    return _usage(Connection.objects.filter(client__in=list(client_pks)), "client", now)


def sole_users_of(usage: Mapping[int, Usage]) -> dict[int, MCPUser]:
    """Return whose each of these clients is that one person alone uses, by client.

    One statement, and none where there is no such client.
    """
    alone = [pk for pk, one in usage.items() if one.users == 1]
    if not alone:
        return {}
    theirs = Connection.objects.listed().filter(client__in=alone)
    people: Any = (
        MCPUser.objects.filter(mcp_connections__in=theirs)
        .annotate(client_pk=F("mcp_connections__client_id"))
        .order_by()
        .distinct()
    )
    return {person.client_pk: person for person in people}


def users_of(
    client_pk: int, *, now: datetime, most: int
) -> list[tuple[MCPUser, Usage]]:
    """Return who uses a client, at most `most` people, the last used first.

    Two statements.
    """
    usage = _usage(Connection.objects.filter(client=client_pk), "user", now)
    oldest = datetime.min.replace(tzinfo=now.tzinfo)
    last_first = sorted(
        usage, key=lambda pk: usage[pk].last_call_at or oldest, reverse=True
    )[:most]
    people = MCPUser.objects.in_bulk(last_first)
    return [(people[pk], usage[pk]) for pk in last_first if pk in people]


def _usage(connections: Any, by: str, now: datetime) -> dict[Any, Usage]:
    active = connections.active(at=now).values("pk")
    rows = (
        connections.listed()
        .values(f"{by}_id")
        .annotate(
            users=Count("user", distinct=True),
            active=Count("pk", filter=Q(pk__in=active)),
            total=Count("pk"),
            used_last=Max("last_used_at"),
        )
        .order_by()
    )
    return {
        row[f"{by}_id"]: Usage(
            users=row["users"],
            active_tokens=row["active"],
            all_tokens=row["total"],
            last_call_at=row["used_last"],
        )
        for row in map(dict[str, Any], rows)
    }
