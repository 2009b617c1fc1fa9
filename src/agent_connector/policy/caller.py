"""Who is calling a tool: the user, the connection and its scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent_connector.conf import get_conf
from agent_connector.policy.pace import least
from agent_connector.policy.role import NO_LIMITS, RoleLimits
from agent_connector.policy.scopes import Scope, scopes_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from agent_connector.models import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The request being served, as far as policy is concerned."""

    connection: Connection
    """With `user` and `user.mcp_access` loaded by the verification."""

    level: str
    """What this request may do: the connection's level within the ceiling."""

    may_change: bool = True
    """Whether this site lets agents change data at all."""

    stores_arguments: bool = True
    """Whether the record keeps what the call said, and the values that it changed."""

    limits: RoleLimits = NO_LIMITS
    """What the user's roles leave."""

    most_calls: int | None = None
    """How many calls the connection may make in a minute; None: any number."""

    refused_calls_to_suspend: int = 0
    """How many refused calls in a row suspend the connection; 0: none do."""

    address: str | None = None
    """The client's address, for the record."""

    @property
    def user(self) -> User:
        return self.connection.user

    @property
    def most_rows(self) -> int:
        """How many records one call may return: the least of the site and the roles."""
        most = least(get_conf().max_rows_per_call, self.limits.rows_per_call)
        return max(1, most or 1)

    @property
    def client_name(self) -> str:
        return self.connection.name

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return scopes_of(self.level)
