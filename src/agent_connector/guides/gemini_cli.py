"""Gemini CLI: the command line client of Google."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import (
    FROM_FILE,
    PLACEHOLDER,
    SIGN_IN,
    Guide,
    Manual,
    Server,
    as_command,
    as_json,
)


def _command(server: Server) -> str:
    words = ["gemini", "mcp", "add", "--scope", "user", "--transport", "http"]
    return as_command(*words, server.name, server.url)


def _file(server: Server) -> str:
    return as_json({"mcpServers": {server.name: {"url": server.url, "type": "http"}}})


def _with_token(server: Server) -> str:
    headers = {"Authorization": f"Bearer {PLACEHOLDER}"}
    entry = {"httpUrl": server.url, "headers": headers}
    return as_json({"mcpServers": {server.name: entry}})


GUIDE = Guide(
    key="gemini-cli",
    title="Gemini CLI",
    command=_command,
    steps=(
        _("Run the command in a terminal."),
        _("Start gemini and type /mcp auth with the server's name."),
    ),
    manual=Manual(
        path="~/.gemini/settings.json",
        place=_("For all projects; or .gemini/settings.json in one project."),
        text=_file,
    ),
    personal=Manual(path="~/.gemini/settings.json", text=_with_token, place=FROM_FILE),
    expect=(SIGN_IN, _("Back in the terminal, /mcp lists the server's tools.")),
)
