"""The command `agent_connector`: what operators do from a shell, by subcommands."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.core.management.base import no_translations
from django.db import DatabaseError, InterfaceError

from agent_connector.management.output import Error, Output
from agent_connector.management.subcommands import (
    block,
    calls,
    clients,
    create_token,
    disable,
    doctor,
    enable,
    prune,
    revoke,
    send_notices,
    switch,
    tokens,
    unblock,
    users,
)

SUBCOMMANDS: dict[str, Any] = {
    "users": users,
    "enable": enable,
    "disable": disable,
    "tokens": tokens,
    "create-token": create_token,
    "revoke": revoke,
    "clients": clients,
    "block": block,
    "unblock": unblock,
    "calls": calls,
    "prune": prune,
    "send-notices": send_notices,
    "switch": switch,
    "doctor": doctor,
}
"""Each a module with `HELP`, `add_arguments(parser)` and `run(options, out)`, which
returns the exit code. The first line of `HELP` stands in the list of them."""

EXIT_CODES = """\
Each subcommand explains itself: manage.py agent_connector revoke --help

exit codes:
  0  done
  1  nothing matched, or it was refused; a sentence on stderr says what
  2  wrong usage

Everything that changes something leaves the same record as the screens do. Nothing here
needs the web server: the database is enough.
"""

DJANGOS = ("--settings", "--pythonpath")
DJANGOS_SWITCHES = ("--traceback", "--no-color", "--force-color")


class Command(BaseCommand):
    """Parse, call one module, hand its exit code on."""

    help = "Look after the AI clients of this site: who may connect, what is connected."
    requires_system_checks = ()  # in an emergency a failing check must not be in the way
    suppressed_base_arguments = (  # they work, and every command of Django has them
        {*DJANGOS, *DJANGOS_SWITCHES, "--version", "--verbosity"}
    )
    code = 0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = EXIT_CODES
        choices = parser.add_subparsers(
            dest="subcommand", metavar="SUBCOMMAND", required=True, title="subcommands"
        )
        for name, module in SUBCOMMANDS.items():
            one = choices.add_parser(
                name,
                help=module.HELP.partition("\n")[0],
                description=module.HELP,
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
            module.add_arguments(one)
            _add_everywhere(one)

    def run_from_argv(self, argv: list[str]) -> None:
        """Run for a shell, which reads the exit code; `call_command` gets errors only."""
        try:
            super().run_from_argv(argv)
            sys.stdout.flush()
        except BrokenPipeError:  # as `| head` does; what is left goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if self.code:
            sys.exit(self.code)

    @no_translations  # what programs read is the same on every site
    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand.

        Raises:
            Error: it was refused, or the database did not answer.
        """
        del args
        out = Output(
            stdout=self.stdout,
            stderr=self.stderr,
            stdin=sys.stdin,
            as_json=options["json"],
        )
        try:
            module = SUBCOMMANDS[options["subcommand"]]
            self.code = module.run(argparse.Namespace(**options), out)
        except (DatabaseError, InterfaceError) as problem:
            if options["traceback"]:
                raise
            first_line = str(problem).strip().partition("\n")[0]
            raise Error(
                f"The database did not do it, and nothing of it was kept: {first_line}"
            ) from problem


def _add_everywhere(parser: argparse.ArgumentParser) -> None:
    """Add `--json`, and take Django's own options behind the subcommand's name, too."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document, times in UTC"
    )
    for name in DJANGOS:
        parser.add_argument(name, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    for name in DJANGOS_SWITCHES:
        parser.add_argument(
            name,
            action="store_true",
            default=argparse.SUPPRESS,
            help=argparse.SUPPRESS,
        )
