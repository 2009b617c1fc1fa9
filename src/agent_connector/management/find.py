"""Find what the command line names, or say in one sentence that there is no such thing."""

from __future__ import annotations

from agent_connector.management.output import Error
from agent_connector.models import MCPUser


def find_user(name: str) -> MCPUser:
    """Return the user of this sign-in name, with their MCP access.

    Raises:
        Error: there is none.
    """
    users = MCPUser.objects.select_related("mcp_access")
    user = users.filter(**{MCPUser.USERNAME_FIELD: name}).first()
    if user is None:
        raise Error(f"There is no user called {name!r}.")
    return user
