"""VS Code takes this command and reads this file."""

from __future__ import annotations

import json
import shlex

from agent_connector.guides.definition import Server, fill
from agent_connector.guides.vs_code import GUIDE

URL = "https://shop.example.com/mcp"
FILLED = fill(GUIDE, Server(url=URL, name="shop"))


def test_the_command_carries_the_server_as_json() -> None:
    *words, entry = shlex.split(FILLED.command)

    assert words == ["code", "--add-mcp"]
    assert json.loads(entry) == {"name": "shop", "type": "http", "url": URL}


def test_the_file_calls_its_key_servers() -> None:
    entry = {"type": "http", "url": URL}

    assert json.loads(FILLED.manual_text) == {"servers": {"shop": entry}}
    assert FILLED.manual_path == ".vscode/mcp.json"
