"""Claude Code takes this command and reads this file."""

from __future__ import annotations

import json

from agent_connector.guides.claude_code import GUIDE
from agent_connector.guides.definition import Server, fill

URL = "https://shop.example.com/mcp"
FILLED = fill(GUIDE, Server(url=URL, name="shop"))


def test_the_command_adds_a_server_over_http() -> None:
    assert FILLED.command == f"claude mcp add --transport http shop {URL}"


def test_the_file_holds_one_http_server() -> None:
    entry = {"type": "http", "url": URL}

    assert json.loads(FILLED.manual_text) == {"mcpServers": {"shop": entry}}
    assert FILLED.manual_path == ".mcp.json"
