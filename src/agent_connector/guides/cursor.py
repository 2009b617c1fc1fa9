"""Cursor: an editor."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import (
    FROM_VARIABLE,
    SIGN_IN,
    Guide,
    Manual,
    Server,
    as_json,
)


def _file(server: Server) -> str:
    return as_json({"mcpServers": {server.name: {"url": server.url}}})


def _with_token(server: Server) -> str:
    headers = {"Authorization": f"Bearer ${{env:{server.token_variable}}}"}
    entry = {"url": server.url, "headers": headers}
    return as_json({"mcpServers": {server.name: entry}})


GUIDE = Guide(
    key="cursor",
    title="Cursor",
    steps=(
        _("Write the file below, or add the server to it if it exists."),
        _("Open the settings for MCP tools and choose Connect beside this server."),
    ),
    manual=Manual(
        path="~/.cursor/mcp.json",
        place=_("For all projects; or .cursor/mcp.json in one project."),
        text=_file,
    ),
    personal=Manual(path="~/.cursor/mcp.json", text=_with_token, place=FROM_VARIABLE),
    expect=(SIGN_IN, _("The server's dot turns green and its tools are listed.")),
)
