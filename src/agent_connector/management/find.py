"""Find what the command line names, or say in one sentence that there is no such thing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from agent_connector.management.output import Error
from agent_connector.models import Client, Connection, MCPUser


def find_user(name: str) -> MCPUser:
    """Return the user of this sign-in name, with their MCP access.

    Raises:
        Error: there is none.
    """
    named = {MCPUser.USERNAME_FIELD: name}
    users = MCPUser.objects.select_related("mcp_access").filter(**named)
    user = users.first()
    if user is None:
        raise Error(f"There is no user called {name!r}.")
    return user


def find_users(names: Iterable[str]) -> list[MCPUser]:
    """Return all of them, each once; the first that is missing stops it."""
    return [find_user(name) for name in dict.fromkeys(names)]


def find_client(name: str) -> Client:
    """Return the client of this client id, or the only one of this name.

    Raises:
        Error: there is none, or several have the name, which nobody verified.
    """
    known = Client.objects.defer("secret_digest")
    client = known.filter(client_id=name).first()
    if client is not None:
        return client
    namesakes = list(known.filter(name=name)[:2])
    if len(namesakes) > 1:
        raise Error(
            f"Several clients call themselves {name!r}: give the client id of one, as"
            " `agent_connector clients` shows it."
        )
    if not namesakes:
        raise Error(f"There is no client with the client id or name {name!r}.")
    return namesakes[0]


def find_connection(public_id: str) -> Connection:
    """Return the connection of this public id, as `tokens` shows it.

    Raises:
        Error: there is none.
    """
    found: Any = None
    try:
        asked = uuid.UUID(public_id)
    except ValueError:
        pass
    else:
        connections = Connection.objects.select_related("user", "client")
        found = connections.filter(public_id=asked).first()
    if found is None:
        raise Error(f"There is no token with the id {public_id!r}.")
    return found  # type: ignore[no-any-return]
