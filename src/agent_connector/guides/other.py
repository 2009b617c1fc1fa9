"""Any other client that speaks MCP over Streamable HTTP."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import (
    FROM_FILE,
    PLACEHOLDER,
    SIGN_IN,
    Guide,
    Manual,
    Server,
    as_json,
)


def _file(server: Server) -> str:
    return as_json({"mcpServers": {server.name: {"type": "http", "url": server.url}}})


def _with_token(server: Server) -> str:
    headers = {"Authorization": f"Bearer {PLACEHOLDER}"}
    entry = {"type": "http", "url": server.url, "headers": headers}
    return as_json({"mcpServers": {server.name: entry}})


GUIDE = Guide(
    key="other",
    title=_("Other"),
    steps=(
        _("Add a remote MCP server with the MCP Server URL."),
        _("Transport: Streamable HTTP. Authentication: OAuth."),
        _(
            "Leave client id and client secret empty: the client registers itself and"
            " finds the authorization URL on its own."
        ),
    ),
    manual=Manual(
        path="mcp.json",
        place=_("Most clients read a file of this form."),
        text=_file,
    ),
    personal=Manual(path="mcp.json", text=_with_token, place=FROM_FILE),
    expect=(SIGN_IN,),
)
