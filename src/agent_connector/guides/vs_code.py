"""Visual Studio Code: agent mode of Copilot Chat."""

from __future__ import annotations

import json

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import (
    SIGN_IN,
    Guide,
    Manual,
    Server,
    as_command,
    as_json,
)


def _command(server: Server) -> str:
    entry = {"name": server.name, "type": "http", "url": server.url}
    return as_command("code", "--add-mcp", json.dumps(entry, separators=(",", ":")))


def _file(server: Server) -> str:
    return as_json({"servers": {server.name: {"type": "http", "url": server.url}}})


def _with_token(server: Server) -> str:
    asks = {"type": "promptString", "id": "token", "description": "Token"}
    headers = {"Authorization": "Bearer ${input:token}"}
    entry = {"type": "http", "url": server.url, "headers": headers}
    inputs = [{**asks, "password": True}]
    return as_json({"inputs": inputs, "servers": {server.name: entry}})


GUIDE = Guide(
    key="vs-code",
    title="VS Code",
    command=_command,
    steps=(
        _("Run the command in a terminal."),
        _("Run MCP: List Servers from the command palette, and start this server."),
    ),
    manual=Manual(
        path=".vscode/mcp.json",
        place=_(
            "In the project's folder; for all projects run MCP: Open User"
            " Configuration from the command palette."
        ),
        text=_file,
    ),
    personal=Manual(
        path=".vscode/mcp.json",
        text=_with_token,
        place=_("VS Code asks for the token once and keeps it in its own safe."),
    ),
    expect=(SIGN_IN, _("The tools appear in the chat's agent mode.")),
)
