"""Revoke tokens: of users, of a client, one, what leaked, or all."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.revoke import (
    Revoked,
    revoke_client,
    revoke_connection,
    revoke_everybody,
    revoke_users,
)
from agent_connector.connections.trace import trace_tokens
from agent_connector.management.find import find_client, find_connection, find_users
from agent_connector.management.options import (
    actor_of,
    add_actor,
    add_dry_run,
    add_sure,
)
from agent_connector.management.output import DONE, Error
from agent_connector.management.rehearsal import act
from agent_connector.models import Connection

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
Revoke tokens: of users, of a client, one, all.

Once it has answered, no later request with these tokens is accepted, in any worker, and
nothing brings them back: each client has to be authorized anew. That there was nothing
left to revoke is no error.

A leaked token is read from standard input, so that it stands in no list of processes
and in no history: paste the text that it turned up in, then press Ctrl-D.

examples:
  manage.py agent_connector revoke --user jane
  manage.py agent_connector revoke --client 5c0cbb6f --dry-run
  manage.py agent_connector revoke --token 0b0d2b5e-6f0e-4a63-9f7c-2f1f6f0a9d11
  manage.py agent_connector revoke --leaked < what-was-found.txt
  manage.py agent_connector revoke --all --reason restored --yes
"""
VIA = "manage.py agent_connector revoke"
REASONS = ("admin", "leak", "restored")
MOST_CHARACTERS = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--user", nargs="+", metavar="USERNAME", help="all tokens of these users"
    )
    which.add_argument(
        "--client",
        metavar="CLIENT",
        help="all tokens of this client, by its client id or a name that it alone has;"
        " to keep new ones away, too: agent_connector block",
    )
    which.add_argument(
        "--token", metavar="ID", help="one token, by the id that `tokens` shows"
    )
    which.add_argument(
        "--leaked", action="store_true", help="whatever is found on standard input"
    )
    which.add_argument("--all", action="store_true", help="all tokens of this site")
    parser.add_argument(
        "--reason",
        choices=REASONS,
        help="what the record says (default: admin, an administrator's decision;"
        " with --leaked: leak)",
    )
    add_actor(parser)
    add_dry_run(parser)
    add_sure(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    default = "leak" if options.leaked else "admin"
    revoke = partial(
        _act_of(options, out),
        reason=Connection.RevokedReason(options.reason or default),
        actor=actor_of(options),
        now=timezone.now(),
        via=VIA,
    )
    if (options.all or options.client) and not options.dry_run:
        there = act(revoke, dry_run=True)
        out.confirm(
            f"This revokes {_counted(there)}.", word="REVOKE", is_sure=options.yes
        )
    revoked = act(revoke, dry_run=options.dry_run)
    would = "Would revoke" if options.dry_run else "Revoked"
    out.result(
        {
            "dry_run": options.dry_run,
            "revoked_tokens": revoked.tokens,
            "users": revoked.users,
        },
        f"{would} {_counted(revoked)}.",
    )
    return DONE


def _act_of(options: argparse.Namespace, out: Output) -> Callable[..., Revoked]:
    if options.user:
        return partial(revoke_users, [user.pk for user in find_users(options.user)])
    if options.client:
        return partial(revoke_client, find_client(options.client))
    if options.token:
        return partial(_revoke_each, [find_connection(options.token)])
    if options.leaked:
        return partial(_revoke_each, _leaked(out))
    return revoke_everybody


@sensitive_variables("text")
def _leaked(out: Output) -> list[Connection]:
    """Return the connections whose tokens stand in what is read.

    Raises:
        Error: there is no token of this site in it.
    """
    if out.stdin.isatty():
        out.note("Paste what was found, then press Ctrl-D.")
    text = out.stdin.read(MOST_CHARACTERS)
    tokens = trace_tokens(text).tokens
    if not tokens:
        raise Error("There is no token of this site in it, or only a part of one.")
    pks = {token.connection_id for token in tokens}
    return list(Connection.objects.select_related("user").filter(pk__in=pks))


def _revoke_each(connections: list[Connection], **facts: Any) -> Revoked:
    ended = [one for one in connections if revoke_connection(one, **facts)]
    return Revoked(users=len({one.user_id for one in ended}), tokens=len(ended))


def _counted(revoked: Revoked) -> str:
    return f"{_number(revoked.tokens, 'token')} of {_number(revoked.users, 'user')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
