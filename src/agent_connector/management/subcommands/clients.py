"""List the programs that are known here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from agent_connector.admin.client_rows import UNUSED, Usage, usage_of
from agent_connector.management.options import add_limit, limited
from agent_connector.models import Client

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
List the programs that are known here.

The name is what a program calls itself; only a verified host says more. The newest
come first. `block` keeps one away and revokes all its tokens.

examples:
  manage.py agent_connector clients --search claude
  manage.py agent_connector clients --blocked --json
"""
COLUMNS = {
    "client_id": "CLIENT ID",
    "name": "NAME",
    "kind": "KIND",
    "host": "VERIFIED HOST",
    "trust": "TRUST",
    "users": "USERS",
    "active_tokens": "TOKENS",
    "created_at": "CREATED",
    "last_used_at": "LAST USED",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--search",
        default="",
        metavar="TEXT",
        help="only clients in whose name, client id or host it occurs",
    )
    parser.add_argument("--kind", choices=Client.Kind.values, help="only these")
    parser.add_argument("--blocked", action="store_true", help="only blocked ones")
    add_limit(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    found = Client.objects.defer("secret_digest").order_by("-created_at", "-pk")
    for word in options.search.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(client_id__icontains=word)
            | Q(host__icontains=word)
        )
    if options.kind:
        found = found.filter(kind=options.kind)
    if options.blocked:
        found = found.filter(trust=Client.Trust.BLOCKED)
    clients = limited(found, options, out)
    usage = usage_of([client.pk for client in clients], now=timezone.now())
    rows = [_row(client, usage.get(client.pk, UNUSED)) for client in clients]
    return out.rows(COLUMNS, rows, nothing="No client matches.")


def _row(client: Client, usage: Usage) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "name": client.name,
        "kind": client.kind,
        "host": client.host,
        "trust": client.trust,
        "users": usage.users,
        "active_tokens": usage.active_tokens,
        "all_tokens": usage.all_tokens,
        "redirect_uris": client.redirect_uris,
        "created_at": client.created_at,
        "created_from": client.created_from,
        "last_used_at": usage.last_call_at,
    }
