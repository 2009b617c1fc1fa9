"""Why the agent stops, each reason with the exit code that tells it."""

from __future__ import annotations


class AgentStopped(Exception):
    """The text is for the person at the terminal."""

    exit_code = 1


class CutOff(AgentStopped):
    """The server does not accept the token any more."""

    exit_code = 1


class NothingAnswers(AgentStopped):
    """Nobody listens at the address, or not an MCP server."""

    exit_code = 3


class NotSignedIn(AgentStopped):
    """There is no token: denied, refused, or nobody came."""

    exit_code = 4
