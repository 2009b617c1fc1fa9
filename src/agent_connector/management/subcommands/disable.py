"""Disable MCP access of users, and revoke all their tokens."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from agent_connector.connections.access import disable_access
from agent_connector.management.find import find_users
from agent_connector.management.options import actor_of, add_actor, add_dry_run
from agent_connector.management.output import DONE
from agent_connector.management.rehearsal import act
from agent_connector.policy.rules import access_of

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
Disable MCP access of users.

In the same moment all their tokens are revoked: from the next request on no client of
theirs is accepted, in any worker. Enabling somebody again brings no token back.

examples:
  manage.py agent_connector disable jane
  manage.py agent_connector disable jane omar --as root --dry-run
"""
VIA = "manage.py agent_connector disable"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("usernames", nargs="+", metavar="USERNAME")
    add_actor(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    users = find_users(options.usernames)
    names = [
        user.get_username()
        for user in users
        if getattr(access_of(user), "enabled", False)
    ]
    pks = [user.pk for user in users]
    disable = partial(
        disable_access, pks, actor=actor_of(options), now=timezone.now(), via=VIA
    )
    revoked = act(disable, dry_run=options.dry_run)
    would = "Would disable" if options.dry_run else "Disabled"
    out.result(
        {"dry_run": options.dry_run, "users": names, "revoked_tokens": revoked.tokens},
        f"{would} MCP access of {', '.join(names)}. Tokens revoked: {revoked.tokens}."
        if names
        else "It was disabled before. Nothing was changed.",
    )
    return DONE
