"""Block a client, and revoke all its tokens."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from agent_connector.connections.block import block_client
from agent_connector.management.find import find_client
from agent_connector.management.options import (
    actor_of,
    add_actor,
    add_dry_run,
    add_sure,
)
from agent_connector.management.output import DONE
from agent_connector.management.rehearsal import act

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
Block a client.

All its tokens are revoked, and nobody can authorize it again.

CLIENT is a client id, as `clients` shows it, or a name that one client alone has.
A program that registers itself can come back under another client id; who uses it
decides that at the sign-in.

examples:
  manage.py agent_connector block 5c0cbb6f
  manage.py agent_connector block "Wild Client" --yes --as root
"""
VIA = "manage.py agent_connector block"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("client", metavar="CLIENT")
    add_actor(parser)
    add_dry_run(parser)
    add_sure(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    client = find_client(options.client)
    block = partial(
        block_client, client, actor=actor_of(options), now=timezone.now(), via=VIA
    )
    rehearsed = act(block, dry_run=True)
    if rehearsed is not None and not options.dry_run:
        out.confirm(
            f"This blocks {client.name} and revokes its {rehearsed.tokens} tokens.",
            word="BLOCK",
            is_sure=options.yes,
        )
    done = rehearsed if options.dry_run else act(block, dry_run=False)
    tokens = done.tokens if done else 0
    would = "would be" if options.dry_run else "is"
    out.result(
        {
            "dry_run": options.dry_run,
            "client_id": client.client_id,
            "changed": done is not None,
            "revoked_tokens": tokens,
        },
        f"{client.name} {would} blocked. Tokens revoked: {tokens}."
        if done
        else f"{client.name} was blocked before.",
    )
    return DONE
