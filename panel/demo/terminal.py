"""What the demo says in the terminal when it is ready."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TextIO

from django.views.decorators.debug import sensitive_variables

from panel.demo.accounts import ACCOUNTS

BOLD, FAINT, ACCENT, RED, PLAIN = "1", "2", "38;5;105", "31", "0"


def paint(text: str, code: str, *, stream: TextIO) -> str:
    """Return `text` in a colour, where `stream` is a terminal that wants colours."""
    if "NO_COLOR" in os.environ or not stream.isatty():
        return text
    return f"\033[{code}m{text}\033[{PLAIN}m"


@sensitive_variables("password")
def welcome_lines(*, url: str, password: str, stream: TextIO) -> Sequence[str]:
    """Return the lines that tell where the demo is and how to get in."""

    def bold(text: str) -> str:
        return paint(text, BOLD, stream=stream)

    def faint(text: str) -> str:
        return paint(text, FAINT, stream=stream)

    def link(text: str) -> str:
        return paint(text, ACCENT, stream=stream)

    width = max(len(account.username) for account in ACCOUNTS)
    return [
        "",
        f"  {bold('AI Agent Connector')}  {faint('demo panel of Harbour & Pine')}",
        "",
        f"  Panel        {link(f'{url}/admin/')}",
        f"  MCP server   {link(f'{url}/mcp')}",
        "",
        f"  Sign in as   {faint(f'(the password of all four: {password})')}",
        *(
            f"    {bold(account.username.ljust(width))}   {account.says}"
            for account in ACCOUNTS
        ),
        "",
        "  Try it       in a second terminal: make agent",
        f"               or: claude mcp add --transport http demo {url}/mcp",
        "",
        f"  {faint('Ctrl-C stops the demo. Its data stays for the next time.')}",
        "",
    ]
