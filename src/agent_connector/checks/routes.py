"""Check that clients find our documents at the root of the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from agent_connector.doctor.routes import is_routed

PATHS = (
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/mcp",
)
"""Where clients look, whatever the URLs of the rest of the site (RFC 8615)."""


def check_routes(**_: Any) -> list[checks.CheckMessage]:
    """Several clients look nowhere else than at the root."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    missing = [path for path in PATHS if not is_routed(path)]
    if not missing:
        return []
    return [
        checks.Warning(
            f"The AI Agent Connector does not answer at {', '.join(missing)}.",
            hint="Add to the root URLconf, before any pattern that takes every path:"
            ' path("", include("agent_connector.urls")),',
            id="agent_connector.W002",
        )
    ]
