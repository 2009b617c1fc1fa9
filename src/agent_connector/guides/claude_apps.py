"""Claude Desktop and Claude on the Web: connectors, called from Anthropic's cloud."""

from __future__ import annotations

from typing import Any

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


def _bridge(server: Server) -> str:
    """Return the local bridge, for a server that Anthropic's cloud cannot reach."""
    return _bridge_with(server, [], {})


def _with_token(server: Server) -> str:
    # No space after the colon, and the value apart: Windows splits it otherwise.
    header = ["--header", "Authorization:${AUTH}"]
    return _bridge_with(server, header, {"env": {"AUTH": f"Bearer {PLACEHOLDER}"}})


def _bridge_with(server: Server, header: list[str], more: dict[str, Any]) -> str:
    options = [] if server.is_encrypted else ["--allow-http"]
    arguments = ["-y", "mcp-remote", server.url, *options, *header]
    bridge = {"command": "npx", "args": arguments, **more}
    return as_json({"mcpServers": {server.name: bridge}})


GUIDE = Guide(
    key="claude-apps",
    title="Claude Desktop/Web",
    steps=(
        _("Open Settings, then Connectors, and choose Add custom connector."),
        _("Give it a name, paste the MCP Server URL, and choose Add."),
        _("Choose Connect beside the new connector."),
    ),
    manual=Manual(
        path="claude_desktop_config.json",
        place=_(
            "Only for a server that is not on the public internet: a bridge on your"
            " computer, which needs Node.js. Claude Desktop opens the file from"
            " Settings, Developer, Edit Config; restart it afterwards."
        ),
        text=_bridge,
    ),
    personal=Manual(
        path="claude_desktop_config.json", text=_with_token, place=FROM_FILE
    ),
    expect=(SIGN_IN,),
    notes=(
        _(
            "In a Team or Enterprise workspace an owner has to add the connector"
            " first; then every member connects on their own."
        ),
    ),
    is_hosted=True,
    has_document=True,
)
