"""Claude Desktop and Web: a connector, or a bridge for local servers."""

from __future__ import annotations

import json

from agent_connector.guides.claude_apps import GUIDE
from agent_connector.guides.definition import Server, fill

URL = "https://shop.example.com/mcp"
FILLED = fill(GUIDE, Server(url=URL, name="shop"))


def test_a_connector_is_made_in_the_settings_not_by_a_command() -> None:
    assert FILLED.command == ""
    assert "Connectors" in str(FILLED.steps[0])


def test_a_local_server_is_reached_over_a_bridge() -> None:
    bridge = {"command": "npx", "args": ["-y", "mcp-remote", URL]}

    assert json.loads(FILLED.manual_text) == {"mcpServers": {"shop": bridge}}
    assert FILLED.manual_path == "claude_desktop_config.json"


def test_the_bridge_has_to_be_told_of_an_unencrypted_server() -> None:
    local = fill(GUIDE, Server(url="http://10.0.0.7/mcp", name="shop"))

    arguments = json.loads(local.manual_text)["mcpServers"]["shop"]["args"]
    assert arguments[-1] == "--allow-http"


def test_workspace_owners_have_to_add_it_first() -> None:
    assert "owner" in str(FILLED.notes[0])
