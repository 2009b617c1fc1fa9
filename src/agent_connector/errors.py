"""The root of every error this app raises on purpose."""

from __future__ import annotations


class AgentConnectorError(Exception):
    """Superclass of all errors of the AI Agent Connector. Never raised itself."""


class SiteURLMissing(AgentConnectorError):
    """`AGENT_CONNECTOR["SITE_URL"]` is needed to name this site and is not set."""


class AppendOnly(AgentConnectorError):
    """Somebody tried to change or remove what is only ever added to."""
