"""The guides in the order in which pages show them."""

from __future__ import annotations

import json
import shlex
import tomllib

import pytest

from agent_connector.guides.definition import PLACEHOLDER, FilledGuide, Server
from agent_connector.guides.registry import GUIDES, guides_for

URL = "https://shop.example.com/mcp"
SERVER = Server(url=URL, name="shop")
FILLED = {guide.key: guide for guide in guides_for(SERVER)}


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


def test_each_product_takes_a_personal_token_in_its_own_way_or_says_no() -> None:
    assert [key for key, guide in FILLED.items() if not guide.personal_text] == [
        "chatgpt"
    ]


def test_commands_and_toml_name_the_variable_and_leave_it_to_the_client() -> None:
    words = shlex.split(FILLED["claude-code"].personal_text)
    codex = tomllib.loads(FILLED["codex"].personal_text)["mcp_servers"]["shop"]

    assert words[-2:] == ["--header", "Authorization: Bearer ${MCP_TOKEN_SHOP}"]
    assert codex == {"url": URL, "bearer_token_env_var": "MCP_TOKEN_SHOP"}


@pytest.mark.parametrize(
    ("key", "servers", "entry"),
    [
        (
            "cursor",
            "mcpServers",
            {
                "url": URL,
                "headers": {"Authorization": "Bearer ${env:MCP_TOKEN_SHOP}"},
            },
        ),
        (
            "gemini-cli",
            "mcpServers",
            {"httpUrl": URL, "headers": {"Authorization": f"Bearer {PLACEHOLDER}"}},
        ),
        (
            "vs-code",
            "servers",
            {
                "type": "http",
                "url": URL,
                "headers": {"Authorization": "Bearer ${input:token}"},
            },
        ),
        (
            "claude-apps",
            "mcpServers",
            {
                "command": "npx",
                "args": [
                    *("-y", "mcp-remote", URL),
                    *("--header", "Authorization:${AUTH}"),
                ],
                "env": {"AUTH": f"Bearer {PLACEHOLDER}"},
            },
        ),
    ],
)
def test_files_carry_the_token_as_the_product_reads_it(
    key: str, servers: str, entry: dict[str, object]
) -> None:
    file = json.loads(FILLED[key].personal_text)

    assert file[servers] == {"shop": entry}
    assert file.get("inputs", [{"id": "token"}])[0]["id"] == "token"
