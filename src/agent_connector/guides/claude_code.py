"""Claude Code: the command line client of Anthropic."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import (
    FROM_VARIABLE,
    SIGN_IN,
    Guide,
    Manual,
    Server,
    as_command,
    as_json,
)


def _command(server: Server) -> str:
    return as_command(
        "claude", "mcp", "add", "--transport", "http", server.name, server.url
    )


def _file(server: Server) -> str:
    return as_json({"mcpServers": {server.name: {"type": "http", "url": server.url}}})


def _with_token(server: Server) -> str:
    # In single quotes, so that Claude Code and not the shell reads the variable.
    header = f"Authorization: Bearer ${{{server.token_variable}}}"
    return f"{_command(server)} {as_command('--header', header)}"


GUIDE = Guide(
    key="claude-code",
    title="Claude Code",
    command=_command,
    steps=(
        _("Run the command in a terminal."),
        _("Start claude, type /mcp, choose this server, and choose Authenticate."),
    ),
    manual=Manual(
        path=".mcp.json",
        place=_("In the project's folder; or ~/.claude.json for all projects."),
        text=_file,
    ),
    personal=Manual(text=_with_token, place=FROM_VARIABLE),
    expect=(SIGN_IN, _("Back in the terminal, /mcp shows the server as connected.")),
    has_document=True,
)
