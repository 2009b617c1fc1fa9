"""The command `agent_connector`: what operators do from a shell, by subcommands."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management import BaseCommand, CommandParser

from agent_connector.management.output import Output
from agent_connector.management.subcommands import doctor


class Command(BaseCommand):
    """Parse, call one module, hand its exit code on."""

    def add_arguments(self, parser: CommandParser) -> None:
        one = parser.add_subparsers(required=True).add_parser("doctor")
        doctor.add_arguments(one)
        one.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        out = Output(stdout=self.stdout, as_json=options["json"])  # type: ignore[arg-type]  # it wraps one
        code = doctor.run(argparse.Namespace(**options), out)
        if code:
            sys.exit(code)
