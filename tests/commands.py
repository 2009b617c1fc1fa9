"""Run the command as a shell would, and read what it answered."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.core.management import base

from agent_connector.management.commands.agent_connector import Command


class Stream(io.StringIO):
    """A standard stream, of a terminal or of a pipe."""

    def __init__(self, text: str = "", *, at_terminal: bool = False) -> None:
        super().__init__(text)
        self.at_terminal = at_terminal

    def isatty(self) -> bool:
        return self.at_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The answer of one run."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def run(*arguments: str, stdin: str = "", at_terminal: bool = False) -> Ran:
    """Run `manage.py agent_connector` with these arguments."""
    typed = Stream(stdin, at_terminal=at_terminal)
    out, err = (Stream(at_terminal=at_terminal) for _ in "12")
    code = 0
    with (
        mock.patch.object(base, "connections"),  # a test's own stays open
        mock.patch.object(sys, "stdin", typed),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        command = Command(stdout=out, stderr=err, no_color=True)
        try:
            command.run_from_argv(["manage.py", "agent_connector", *arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Ran(code=code, out=out.getvalue(), err=err.getvalue())
