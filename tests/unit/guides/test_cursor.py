"""Cursor reads this file."""

from __future__ import annotations

import json

from agent_connector.guides.cursor import GUIDE
from agent_connector.guides.definition import Server, fill

URL = "https://shop.example.com/mcp"
FILLED = fill(GUIDE, Server(url=URL, name="shop"))


def test_the_file_holds_the_url() -> None:
    assert json.loads(FILLED.manual_text) == {"mcpServers": {"shop": {"url": URL}}}
    assert FILLED.manual_path == "~/.cursor/mcp.json"
