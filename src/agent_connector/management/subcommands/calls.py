"""List what agents did, were refused and failed at."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from agent_connector.management.options import add_limit, limited, moment
from agent_connector.models import MCPUser, ToolCall

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
List what agents did and were refused.

The newest calls come first, failed ones among them.

examples:
  manage.py agent_connector calls --user jane --since 2026-03-01
  manage.py agent_connector calls --outcome refused --client "Claude Code"
  manage.py agent_connector calls --model shop.order --object 7 --arguments --json
"""
COLUMNS = {
    "at": "TIME",
    "user": "USER",
    "client": "CLIENT",
    "tool": "TOOL",
    "model": "MODEL",
    "object": "OBJECT",
    "outcome": "OUTCOME",
    "reason": "REASON",
    "duration_ms": "MS",
}
TEXTS = {
    "client": ("client_name", "of clients that call themselves so"),
    "tool": ("tool", "of this tool"),
    "model": ("model", "about this model, as shop.order"),
    "object": ("object_id", "about the object with this id"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user", metavar="USERNAME", help="only of this user")
    for option, (_column, which) in TEXTS.items():
        parser.add_argument(f"--{option}", help=f"only {which}")
    parser.add_argument("--outcome", choices=ToolCall.Outcome.values, help="only these")
    parser.add_argument(
        "--since", type=moment, metavar="TIME", help="only from this day or time on"
    )
    parser.add_argument(
        "--until", type=moment, metavar="TIME", help="only before this day or time"
    )
    parser.add_argument(
        "--arguments",
        action="store_true",
        help="with --json: what the calls said, without secrets",
    )
    add_limit(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    calls = limited(_asked(options), options, out)
    rows = [_row(call, with_arguments=options.arguments) for call in calls]
    return out.rows(COLUMNS, rows, nothing="No tool call matches.")


def _asked(options: argparse.Namespace) -> QuerySet[ToolCall]:
    found = ToolCall.objects.order_by("-at", "-pk")
    if not options.arguments:
        found = found.defer("arguments", "changes")
    if options.user:
        found = found.filter(_of_user(options.user))
    for option, (column, _which) in TEXTS.items():
        value = getattr(options, option)
        if value:
            found = found.filter(**{column: value})
    if options.outcome:
        found = found.filter(outcome=options.outcome)
    if options.since:
        found = found.filter(at__gte=options.since)
    if options.until:
        found = found.filter(at__lt=options.until)
    return found


def _of_user(name: str) -> Q:
    """Return the calls of the user of this name, or of one who is gone and had it."""
    user = MCPUser.objects.filter(**{MCPUser.USERNAME_FIELD: name}).first()
    return Q(user=user.pk) if user else Q(user=None, user_name=name)


def _row(call: ToolCall, *, with_arguments: bool) -> dict[str, Any]:
    row = {
        "id": call.pk,
        "at": call.at,
        "user": call.user_name,
        "client": call.client_name,
        "tool": call.tool,
        "model": call.model,
        "object": call.object_id,
        "outcome": call.outcome,
        "reason": call.reason,
        "duration_ms": round(call.duration.total_seconds() * 1000),
        "address": call.address,
    }
    said = {"arguments": call.arguments, "changes": call.changes}
    return {**row, **said} if with_arguments else row
