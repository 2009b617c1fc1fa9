"""Claude Desktop and Claude on the Web: connectors, called from Anthropic's cloud."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agent_connector.guides.definition import SIGN_IN, Guide, Manual, Server, as_json


def _bridge(server: Server) -> str:
    """Return the local bridge, for a server that Anthropic's cloud cannot reach."""
    options = [] if server.is_encrypted else ["--allow-http"]
    arguments = ["-y", "mcp-remote", server.url, *options]
    bridge = {"command": "npx", "args": arguments}
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
    expect=(SIGN_IN,),
    notes=(
        _(
            "In a Team or Enterprise workspace an owner has to add the connector"
            " first; then every member connects on their own."
        ),
    ),
    is_hosted=True,
)
