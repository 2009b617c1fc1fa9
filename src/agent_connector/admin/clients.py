"""The programs that users connected, grouped as people know them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.audit.lines import NAMELESS
from agent_connector.models import Connection

PERSONAL_NAME = _("Personal Access Token")

OLD_AFTER = timedelta(days=90)
"""A grey dot this long out of use is folded into a count."""
MOST_GREY = 4
"""More grey dots than this are folded as well, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientGroup:
    """All connections of one user by one client name and verified host."""

    name: str | Promise
    host: str
    active: int
    inactive: int
    last_seen_at: datetime

    @property
    def is_active(self) -> bool:
        return self.active > 0

    @property
    def shown_count(self) -> int:
        """How many connections the dot stands for: the active ones, else all."""
        return self.active or self.inactive


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """The clients of one user: the active ones first, then the last seen first."""

    groups: Sequence[ClientGroup] = ()

    @property
    def connected(self) -> int:
        return sum(group.is_active for group in self.groups)

    @property
    def active_tokens(self) -> int:
        return sum(group.active for group in self.groups)

    @property
    def inactive_tokens(self) -> int:
        return sum(group.inactive for group in self.groups)

    def shown(self, *, now: datetime) -> list[ClientGroup]:
        """Return the groups that get a dot of their own."""
        active = [group for group in self.groups if group.is_active]
        grey = [
            group
            for group in self.groups
            if not group.is_active and group.last_seen_at > now - OLD_AFTER
        ]
        return active + grey[:MOST_GREY]


NOBODYS = Clients()


def clients_of(user_pks: Iterable[Any], *, now: datetime) -> dict[Any, Clients]:
    """Return the clients of these users in one statement, however many tokens.

    Users without any are left out.
    """
    pks = list(user_pks)
    active = Connection.objects.active(at=now).filter(user__in=pks).values("pk")
    rows = (
        Connection.objects.listed()
        .filter(user__in=pks)
        .values("user_id", "origin", "client_name", "client_host")
        .annotate(
            total=Count("pk"),
            active=Count("pk", filter=Q(pk__in=active)),
            created_last=Max("created_at"),
            used_last=Max("last_used_at"),
        )
        .order_by()
    )
    groups: dict[Any, list[ClientGroup]] = {}
    for row in map(dict[str, Any], rows):
        groups.setdefault(row["user_id"], []).append(_group_of(row))
    return {pk: Clients(groups=_in_order(found)) for pk, found in groups.items()}


def client_name(connection: Connection) -> str | Promise:
    """Return what people call this connection's client."""
    if connection.is_personal:
        return connection.label or PERSONAL_NAME
    return connection.client_name or NAMELESS


def _group_of(row: dict[str, Any]) -> ClientGroup:
    is_personal = row["origin"] == Connection.Origin.PERSONAL
    return ClientGroup(
        name=PERSONAL_NAME if is_personal else row["client_name"] or NAMELESS,
        host=row["client_host"],
        active=row["active"],
        inactive=row["total"] - row["active"],
        last_seen_at=max(row["created_last"], row["used_last"] or row["created_last"]),
    )


def _in_order(groups: list[ClientGroup]) -> list[ClientGroup]:
    newest_first = sorted(groups, key=lambda group: group.last_seen_at, reverse=True)
    return sorted(newest_first, key=lambda group: not group.is_active)
