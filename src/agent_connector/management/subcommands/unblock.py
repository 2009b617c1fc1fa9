"""Let a blocked client be authorized again."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from agent_connector.connections.block import unblock_client
from agent_connector.management.find import find_client
from agent_connector.management.options import actor_of, add_actor, add_dry_run
from agent_connector.management.output import DONE
from agent_connector.management.rehearsal import act

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
Let a blocked client be authorized again.

None of its tokens comes back.

example:
  manage.py agent_connector unblock 5c0cbb6f --as root
"""
VIA = "manage.py agent_connector unblock"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("client", metavar="CLIENT")
    add_actor(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    client = find_client(options.client)
    unblock = partial(
        unblock_client, client, actor=actor_of(options), now=timezone.now(), via=VIA
    )
    changed = act(unblock, dry_run=options.dry_run)
    would = "would no longer be" if options.dry_run else "is no longer"
    out.result(
        {
            "dry_run": options.dry_run,
            "client_id": client.client_id,
            "changed": changed,
        },
        f"{client.name} {would} blocked. It has to be authorized anew."
        if changed
        else f"{client.name} was not blocked.",
    )
    return DONE
