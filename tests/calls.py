"""Make the tool calls that tests of the record speak of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from agent_connector.models import ToolCall
from tests.factories import NOON


def make_call(**fields: Any) -> ToolCall:
    """Return a call that was done: Jane's Claude Code read a category."""
    return ToolCall.objects.create(
        **{
            "at": NOON,
            "user_name": "jane",
            "client_name": "Claude Code",
            "tool": "get_record",
            "model": "shop.category",
            "object_id": "7",
            "outcome": ToolCall.Outcome.DONE,
            "duration": timedelta(milliseconds=12),
            "arguments": {"model": "shop.category", "id": "7", "note": "confidential"},
            **fields,
        }
    )
