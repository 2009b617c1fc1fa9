"""Any other client is told transport, sign-in and the usual file."""

from __future__ import annotations

import json

from agent_connector.guides.definition import Server, fill
from agent_connector.guides.other import GUIDE

URL = "https://shop.example.com/mcp"
FILLED = fill(GUIDE, Server(url=URL, name="shop"))


def test_the_steps_name_transport_and_sign_in() -> None:
    steps = " ".join(map(str, FILLED.steps))

    assert "Streamable HTTP" in steps
    assert "OAuth" in steps


def test_the_file_is_the_usual_one() -> None:
    entry = {"type": "http", "url": URL}

    assert json.loads(FILLED.manual_text) == {"mcpServers": {"shop": entry}}
