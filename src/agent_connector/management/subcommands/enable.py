"""Enable MCP access of users."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from agent_connector.connections.access import enable_access
from agent_connector.management.find import find_users
from agent_connector.management.options import actor_of, add_actor, add_dry_run
from agent_connector.management.output import DONE
from agent_connector.management.rehearsal import act
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import is_staff

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
Enable MCP access of users.

Then they can connect AI clients. Nothing that was revoked before comes back: each
client has to be authorized anew. A user for whom it is enabled already is left alone,
which is no error.

examples:
  manage.py agent_connector enable jane
  manage.py agent_connector enable jane omar --as root
"""
VIA = "manage.py agent_connector enable"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("usernames", nargs="+", metavar="USERNAME")
    add_actor(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    users = find_users(options.usernames)
    before = [user for user in users if getattr(access_of(user), "enabled", False)]
    pks = [user.pk for user in users]
    enable = partial(
        enable_access, pks, actor=actor_of(options), now=timezone.now(), via=VIA
    )
    changed = act(enable, dry_run=options.dry_run)
    for user in users:
        if not is_staff(user):
            out.note(f"{user} is not an active staff user, and can connect nothing.")
    names = [user.get_username() for user in users if user not in before]
    would = "Would enable" if options.dry_run else "Enabled"
    out.result(
        {"dry_run": options.dry_run, "users": names, "changed": changed},
        f"{would} MCP access of {', '.join(names)}."
        if names
        else "It was enabled before. Nothing was changed.",
    )
    return DONE
