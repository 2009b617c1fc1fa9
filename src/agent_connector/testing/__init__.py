"""What a project tests its tools with: the public door."""

from __future__ import annotations

from agent_connector.testing.agent_client import AgentClient

__all__ = ["AgentClient"]
