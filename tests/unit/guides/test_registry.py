"""The guides in the order in which pages show them."""

from __future__ import annotations

import pytest

from agent_connector.guides.definition import FilledGuide, Server
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
