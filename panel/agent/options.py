"""What can be said on the command line of the agent."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVELS = ("read", "write", "delete")
PASSWORD_VARIABLE = "AGENT_PASSWORD"  # noqa: S105  # its name, not a password

_EXITS = """\
ends with:
  0  done, or stopped with Ctrl-C
  1  cut off: the server does not accept the token any more
  2  the command line is wrong
  3  nothing answers, or something that is no MCP server
  4  not signed in: denied, refused, or nobody came
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run, all of it checked."""

    url: str
    """Of the MCP endpoint."""

    level: str = ""
    """What to ask for; empty asks for everything, and the person chooses."""

    once: bool = False
    open_browser: bool = True
    username: str = ""
    """Whom to sign in as without a browser; empty means that a person does it."""


def parse_options(
    arguments: Sequence[str], *, environment: Mapping[str, str]
) -> Options:
    """Read the command line and the environment.

    Raises:
        SystemExit: with 2, after saying what is wrong; with 0 for `--help`.
    """
    parser = _make_parser(environment)
    given = parser.parse_args(arguments)
    if not given.url.startswith(("http://", "https://")):
        parser.error(f"--url {given.url!r} is not an http or https address")
    if given.username and not environment.get(PASSWORD_VARIABLE):
        parser.error(
            f"--as {given.username} needs the password in the environment variable"
            f" {PASSWORD_VARIABLE} (the command line can be seen by others)"
        )
    return Options(
        url=given.url,
        level=given.level or "",
        once=given.once,
        open_browser=not given.no_browser,
        username=given.username or "",
    )


def _make_parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    port = environment.get("PORT") or "8000"
    url = environment.get("MCP_URL") or f"http://127.0.0.1:{port}/mcp"
    parser = argparse.ArgumentParser(
        prog="python -m panel.agent",
        description="Connect to the running demo like an AI client does, call its tools"
        " every second, and say plainly when an administrator cuts it off.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--url", default=url, help=f"of the MCP endpoint; MCP_URL, now {url}"
    )
    parser.add_argument(
        "--level", choices=LEVELS, help="what to ask for (otherwise: everything)"
    )
    parser.add_argument(
        "--once", action="store_true", help="stop after the first round of calls"
    )
    parser.add_argument(
        "--no-browser",
        action="store_true",
        help="only print the address to open, for example over SSH",
    )
    parser.add_argument(
        "--as",
        dest="username",
        metavar="USER",
        help="sign in and authorize without a person; the password comes from"
        f" {PASSWORD_VARIABLE}",
    )
    return parser
