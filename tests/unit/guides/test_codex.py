"""Codex takes this command and reads this file."""

from __future__ import annotations

import tomllib

from agent_connector.guides.codex import GUIDE
from agent_connector.guides.definition import Server, fill

URL = "https://shop.example.com/mcp"
FILLED = fill(GUIDE, Server(url=URL, name="shop"))


def test_the_command_adds_a_server_by_its_url() -> None:
    assert FILLED.command == f"codex mcp add shop --url {URL}"


def test_the_file_is_toml() -> None:
    assert tomllib.loads(FILLED.manual_text) == {"mcp_servers": {"shop": {"url": URL}}}
    assert FILLED.manual_path == "~/.codex/config.toml"
