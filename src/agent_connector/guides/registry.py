"""The guides in the order in which pages show them."""

from __future__ import annotations

from agent_connector.guides import (
    chatgpt,
    claude_apps,
    claude_code,
    codex,
    cursor,
    gemini_cli,
    other,
    vs_code,
)
from agent_connector.guides.definition import FilledGuide, Guide, Server, fill

GUIDES: tuple[Guide, ...] = (
    claude_code.GUIDE,
    claude_apps.GUIDE,
    gemini_cli.GUIDE,
    codex.GUIDE,
    chatgpt.GUIDE,
    cursor.GUIDE,
    vs_code.GUIDE,
    other.GUIDE,
)


def guides_for(server: Server) -> tuple[FilledGuide, ...]:
    """Return every guide with the values of `server` filled in."""
    return tuple(fill(guide, server) for guide in GUIDES)
