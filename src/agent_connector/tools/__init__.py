"""What an agent may call, and the one place where it is called: the public door."""

from __future__ import annotations

from agent_connector.policy.agent_access import AgentAccess
from agent_connector.policy.caller import Caller
from agent_connector.policy.scopes import Scope
from agent_connector.tools.decorator import tool
from agent_connector.tools.definition import (
    Answer,
    Arguments,
    Tool,
    ToolFailed,
    ToolRefused,
)

__all__ = [
    "AgentAccess",
    "Answer",
    "Arguments",
    "Caller",
    "Scope",
    "Tool",
    "ToolFailed",
    "ToolRefused",
    "tool",
]
