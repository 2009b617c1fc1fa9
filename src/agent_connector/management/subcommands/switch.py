"""Show and set the two switches of the site."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from agent_connector.admin.settings_change import switch
from agent_connector.management.options import actor_of, add_actor, add_dry_run
from agent_connector.management.output import DONE, WRONG_USAGE, Error
from agent_connector.management.rehearsal import act
from agent_connector.policy.settings import is_locked, read_settings

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
Show and set the two switches of the site.

server   off answers every AI client with "switched off, try again later", and nobody
         can connect a new one. Tokens survive, and work again when it is on.
changes  off lets agents search and read, and nothing else.

What is set counts from the next request on, in every worker. A switch that the
project's settings set (MCP_SERVER_ENABLED, AGENTS_MAY_CHANGE_DATA) is changed there.

examples:
  manage.py agent_connector switch
  manage.py agent_connector switch server off
  manage.py agent_connector switch changes off --as root
"""
VIA = "manage.py agent_connector switch"
SWITCHES = {"server": "mcp_server_enabled", "changes": "agents_may_change_data"}
COLUMNS = {"switch": "SWITCH", "state": "STATE", "set_in": "SET IN"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "which", nargs="?", default="show", choices=("show", *SWITCHES), metavar="WHICH"
    )
    parser.add_argument("state", nargs="?", choices=("on", "off"), metavar="on|off")
    add_actor(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, out: Output) -> int:
    if (options.which == "show") != (options.state is None):
        raise Error("Write for example: switch server off", code=WRONG_USAGE)
    if options.which == "show":
        return _show(out)
    name = SWITCHES[options.which]
    if is_locked(name):
        raise Error(f"AGENT_CONNECTOR[{name.upper()!r}] sets it: change it there.")
    set_it = partial(
        switch,
        name,
        on=options.state == "on",
        actor=actor_of(options),
        now=timezone.now(),
        via=VIA,
    )
    changed = act(set_it, dry_run=options.dry_run)
    if not changed:
        sentence = f"{options.which} is {options.state} already."
    elif options.dry_run:
        sentence = f"{options.which} would be {options.state}."
    else:
        sentence = f"{options.which} is {options.state} from the next request on."
    out.result(
        {
            "dry_run": options.dry_run,
            "switch": options.which,
            "state": options.state,
            "changed": changed,
        },
        sentence,
    )
    return DONE


def _show(out: Output) -> int:
    in_force = read_settings()
    rows = [
        {
            "switch": which,
            "state": "on" if getattr(in_force, name) else "off",
            "set_in": "code" if is_locked(name) else "database",
        }
        for which, name in SWITCHES.items()
    ]
    return out.rows(COLUMNS, rows, nothing="")
