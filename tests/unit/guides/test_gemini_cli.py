"""Gemini CLI takes this command and reads this file."""

from __future__ import annotations

import json

from agent_connector.guides.definition import Server, fill
from agent_connector.guides.gemini_cli import GUIDE

URL = "https://shop.example.com/mcp"
FILLED = fill(GUIDE, Server(url=URL, name="shop"))


def test_the_command_adds_a_server_for_all_projects() -> None:
    words = "gemini mcp add --scope user --transport http"

    assert FILLED.command == f"{words} shop {URL}"


def test_the_file_holds_one_http_server() -> None:
    entry = {"type": "http", "url": URL}

    assert json.loads(FILLED.manual_text) == {"mcpServers": {"shop": entry}}
    assert FILLED.manual_path == "~/.gemini/settings.json"
