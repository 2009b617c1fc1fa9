"""Each guide is exact: the command and the file that the client really takes."""

from __future__ import annotations

import json
import shlex
import tomllib
from typing import Any

import pytest

from agent_connector.guides.definition import FilledGuide, Server
from agent_connector.guides.registry import GUIDES, guides_for

URL = "https://shop.example.com/mcp"
SERVER = Server(url=URL, name="shop")
FILLED = {guide.key: guide for guide in guides_for(SERVER)}

HTTP_ENTRY = {"type": "http", "url": URL}
FILES: dict[str, Any] = {
    "claude-code": {"mcpServers": {"shop": HTTP_ENTRY}},
    "claude-apps": {
        "mcpServers": {"shop": {"command": "npx", "args": ["-y", "mcp-remote", URL]}}
    },
    "gemini-cli": {"mcpServers": {"shop": HTTP_ENTRY}},
    "codex": {"mcp_servers": {"shop": {"url": URL}}},
    "cursor": {"mcpServers": {"shop": {"url": URL}}},
    "vs-code": {"servers": {"shop": HTTP_ENTRY}},
    "other": {"mcpServers": {"shop": HTTP_ENTRY}},
}
COMMANDS = {
    "claude-code": f"claude mcp add --transport http shop {URL}",
    "gemini-cli": f"gemini mcp add --scope user --transport http shop {URL}",
    "codex": f"codex mcp add shop --url {URL}",
}


def test_they_stand_in_the_documented_order() -> None:
    assert [str(guide.title) for guide in GUIDES] == [
        "Claude Code",
        "Claude Desktop/Web",
        "Gemini CLI",
        "OpenAI Codex",
        "OpenAI ChatGPT",
        "Cursor",
        "VS Code",
        "Other",
    ]


@pytest.mark.parametrize("key", FILES)
def test_the_file_to_write_by_hand_is_what_the_client_reads(key: str) -> None:
    text = FILLED[key].manual_text
    read = tomllib.loads(text) if key == "codex" else json.loads(text)

    assert read == FILES[key]
    assert FILLED[key].manual_path


@pytest.mark.parametrize("key", COMMANDS)
def test_the_command_is_what_the_client_takes(key: str) -> None:
    assert FILLED[key].command == COMMANDS[key]


def test_the_command_of_vs_code_carries_the_server_as_json() -> None:
    *words, entry = shlex.split(FILLED["vs-code"].command)

    assert words == ["code", "--add-mcp"]
    assert json.loads(entry) == {"name": "shop", "type": "http", "url": URL}


@pytest.mark.parametrize("guide", FILLED.values(), ids=FILLED.keys())
def test_every_guide_says_what_to_do_and_what_to_expect(guide: FilledGuide) -> None:
    assert guide.steps
    assert any("Authorize" in str(sentence) for sentence in guide.expect)
    assert not guide.warnings


def test_only_hosted_products_cannot_reach_a_local_server() -> None:
    local = guides_for(Server(url="http://127.0.0.1:8000/mcp", name="shop"))

    assert [guide.key for guide in local if guide.warnings] == [
        "claude-apps",
        "chatgpt",
    ]


def test_the_bridge_to_an_unencrypted_server_says_so() -> None:
    local = guides_for(Server(url="http://10.0.0.7/mcp", name="shop"))

    bridge = json.loads(local[1].manual_text)["mcpServers"]["shop"]["args"]
    assert bridge[-1] == "--allow-http"
