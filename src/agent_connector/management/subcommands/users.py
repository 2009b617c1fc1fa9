"""List who may connect AI clients, and what each has connected."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from agent_connector.admin.clients import NOBODYS, Clients, clients_of
from agent_connector.admin.people import users_called
from agent_connector.management.options import add_limit, limited
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import listed_users, name_of

if TYPE_CHECKING:
    from agent_connector.management.output import Output
    from agent_connector.models import MCPUser

HELP = """\
List who may connect AI clients.

Every staff user, and everybody who ever connected a client: the rows of MCP
Users, with the clients that each has connected now.

examples:
  manage.py agent_connector users --enabled
  manage.py agent_connector users --search jane
  manage.py agent_connector users --limit 0 --json
"""
COLUMNS = {
    "username": "USER",
    "name": "NAME",
    "access": "ACCESS",
    "active_tokens": "TOKENS",
    "connected": "CLIENTS",
    "added_at": "ADDED TO MCP",
    "last_used_at": "LAST USED",
}
BATCH = 500
"""Users whose clients one statement finds."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    state = parser.add_mutually_exclusive_group()
    state.add_argument(
        "--enabled",
        dest="enabled",
        action="store_true",
        default=None,
        help="only these",
    )
    state.add_argument(
        "--disabled", dest="enabled", action="store_false", help="only these"
    )
    parser.add_argument(
        "--search",
        default="",
        metavar="WORDS",
        help="only users in whose names or e-mail address each word occurs",
    )
    add_limit(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    found = listed_users().select_related("mcp_access").order_by("pk")
    if options.search:
        found = found.filter(pk__in=users_called(options.search).values("pk"))
    if options.enabled is not None:
        enabled = Q(mcp_access__enabled=True)
        found = found.filter(enabled if options.enabled else ~enabled)
    users = limited(found, options, out)
    rows = list(_rows(users, now=timezone.now()))
    return out.rows(COLUMNS, rows, nothing="No user matches.")


def _rows(users: Sequence[MCPUser], *, now: datetime) -> Iterator[dict[str, Any]]:
    for start in range(0, len(users), BATCH):
        batch = users[start : start + BATCH]
        clients = clients_of([user.pk for user in batch], now=now)
        for user in batch:
            yield _row(user, clients.get(user.pk, NOBODYS))


def _row(user: MCPUser, clients: Clients) -> dict[str, Any]:
    access = access_of(user)
    return {
        "username": user.get_username(),
        "name": name_of(user),
        "is_active": user.is_active,
        "is_staff": user.is_staff,
        "access": "enabled" if access and access.enabled else "disabled",
        "ceiling": access.ceiling if access else None,
        "active_tokens": clients.active_tokens,
        "inactive_tokens": clients.inactive_tokens,
        "connected": [str(one.name) for one in clients.groups if one.is_active],
        "added_at": access.added_at if access else None,
        "last_used_at": access.last_used_at if access else None,
    }
