"""An agent that calls tools inside a test, without HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.utils import timezone

from agent_connector.conf import get_conf
from agent_connector.connections.recheck import recheck_connection
from agent_connector.connections.refusal import Refusal
from agent_connector.connections.verify import caller_on
from agent_connector.mcp.server import build_server
from agent_connector.models import Connection, MCPAccess
from agent_connector.policy.scopes import Scope
from agent_connector.tools.call import call_tool, is_listed
from agent_connector.tools.definition import ToolRefused, UnknownTool, encode_answer
from agent_connector.tools.registry import all_tools

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from agent_connector.policy.caller import Caller
    from agent_connector.tools.definition import Tool

RESOURCE = "http://testserver/mcp"
"""The host of Django's own test client, to which links in answers lead."""


class AgentClient:
    """Calls the tools of this site as an agent of `user` does.

        agent = AgentClient(user, level="write")
        agent.call("lend_book", title="Emma", reader="Jane")

    A connection is opened in the test's database, and each call is judged and recorded
    as one that came over HTTP: by what the database says then of the user's permissions
    and access, the role, the site's switches. A user who never had MCP access is given
    it. Tokens, addresses and the limits of the endpoint are left out.
    """

    def __init__(self, user: User, *, level: str = "read") -> None:
        """Connect an agent that may `read`, `write` (and read), or `delete` (all)."""
        self._connection = _open_connection(user, Scope(level), now=timezone.now())

    def tools(self) -> dict[str, str]:
        """Return what the agent is told there is: names with descriptions, in order."""
        return {tool.name: tool.description for tool in self._listed()}

    def describe(self, name: str) -> dict[str, Any]:
        """Return all that the agent is told of one tool, as in MCP's `tools/list`.

        Raises:
            ToolRefused: the agent does not know of it.
        """
        for tool in self._listed():
            if tool.name == name:
                return build_server([tool]).definition_of(name)
        raise UnknownTool(name)

    def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """Call a tool and return its answer as the agent reads it, decoded from JSON.

        The arguments travel as JSON too: a date or a `Decimal` arrives as a text.

        Raises:
            ToolFailed: it could not do it; `code`, `message`, `fields`, `allowed` are
                what the agent is told.
            ToolRefused: a `ToolFailed` as well: the agent may not do it.
        """
        now = timezone.now()
        given = msgspec.json.decode(msgspec.json.encode(arguments))
        answer = call_tool(self._caller(now), tool, given, now=now)
        decoded: dict[str, Any] = msgspec.json.decode(encode_answer(answer))
        return decoded

    def _listed(self) -> list[Tool]:
        caller = self._caller(timezone.now())
        return [tool for tool in all_tools() if is_listed(caller, tool)]

    def _caller(self, now: datetime) -> Caller:
        """Return the caller as the next request would be verified."""
        fresh = recheck_connection(self._connection, now=now)
        if isinstance(fresh, Refusal):
            raise ToolRefused(fresh.sentence, code=fresh.problem)
        return caller_on(fresh, switches=fresh, granted=fresh.level, address=None)


def _open_connection(user: User, level: Scope, *, now: datetime) -> Connection:
    access, _made = MCPAccess.objects.get_or_create(
        user_id=user.pk, defaults={"enabled": True, "added_at": now}
    )
    ends_at = now + get_conf().connection_lifetime
    return Connection.objects.create(
        user_id=user.pk,
        client_name="AgentClient",
        origin=Connection.Origin.OAUTH,
        level=level,
        resource=RESOURCE,
        epoch=access.epoch,
        created_at=now,
        exchanged_at=now,
        expires_at=ends_at,
        absolute_expires_at=ends_at,
    )
