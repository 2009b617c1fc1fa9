"""List tokens: one row for each client that somebody authorized."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from agent_connector.admin.token_rows import (
    ACTIVE,
    EXPIRED,
    INACTIVE,
    REVOKED,
    SUSPENDED,
    TokenRow,
    connections_where,
    token_rows,
)
from agent_connector.management.find import find_client, find_user
from agent_connector.management.options import add_limit, limited
from agent_connector.models import Connection

if TYPE_CHECKING:
    from datetime import datetime

    from agent_connector.management.output import Output

HELP = """\
List tokens.

A row is the access and refresh pair of one client, or one personal access token; its id
is what `revoke --token` takes. Active ones come first, then the newest. Inactive are
those that would work if their user or client were not locked out; suspended are those
of which too many calls in a row were refused, until somebody resumes them on a page.

examples:
  manage.py agent_connector tokens --user jane
  manage.py agent_connector tokens --status active --client 5c0cbb6f
  manage.py agent_connector tokens --personal --limit 0 --json
"""
COLUMNS = {
    "id": "ID",
    "user": "USER",
    "client": "CLIENT",
    "status": "STATUS",
    "level": "MAY DO",
    "created_at": "CREATED",
    "last_used_at": "LAST USED",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user", metavar="USERNAME", help="only of this user")
    parser.add_argument(
        "--client", metavar="CLIENT", help="only of this client id or name"
    )
    parser.add_argument(
        "--status",
        choices=(ACTIVE, INACTIVE, SUSPENDED, EXPIRED, REVOKED),
        help="only these",
    )
    parser.add_argument(
        "--personal", action="store_true", help="only personal access tokens"
    )
    add_limit(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    now = timezone.now()
    found = connections_where(_asked(options), now=now).select_related(
        "user", "revoked_by", "client"
    )
    if options.status:
        found = found.filter(_with_status(options.status, now=now))
    connections = limited(found, options, out)
    rows = [
        _row(connection, shown)
        for connection, shown in zip(
            connections, token_rows(connections, now=now), strict=True
        )
    ]
    return out.rows(COLUMNS, rows, nothing="No token matches.")


def _asked(options: argparse.Namespace) -> Q:
    asked = Q()
    if options.user:
        asked &= Q(user=find_user(options.user).pk)
    if options.client:
        asked &= Q(client=find_client(options.client))
    if options.personal:
        asked &= Q(origin=Connection.Origin.PERSONAL)
    return asked


def _with_status(status: str, *, now: datetime) -> Q:
    refused = Q(revoked_at=None, is_active=False)
    refused_for_now = refused & Q(sign_in_after__gt=now)
    return {
        ACTIVE: Q(is_active=True),
        REVOKED: Q(revoked_at__isnull=False),
        EXPIRED: refused & Q(sign_in_after__lte=now),
        INACTIVE: refused_for_now & Q(suspended_at=None),
        SUSPENDED: refused_for_now & Q(suspended_at__isnull=False),
    }[status]


def _row(connection: Any, shown: TokenRow) -> dict[str, Any]:
    by = connection.revoked_by
    return {
        "id": shown.public_id,
        "user": connection.user.get_username(),
        "client": str(shown.client),
        "client_id": connection.client.client_id if connection.client else None,
        "host": connection.client_host,
        "origin": connection.origin,
        "label": connection.label,
        "status": shown.status,
        "level": connection.level,
        "created_at": connection.created_at,
        "created_from": connection.created_from,
        "access_expires_at": shown.access_expires_at,
        "sign_in_needed_after": shown.sign_in_after,
        "last_used_at": connection.last_used_at,
        "last_used_from": connection.last_used_from,
        "suspended_at": connection.suspended_at,
        "revoked_at": connection.revoked_at,
        "revoked_by": by.get_username() if by else None,
        "revoked_reason": connection.revoked_reason or None,
    }
