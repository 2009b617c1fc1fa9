"""Verify the token of a request: one statement, on the write database, every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import router
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.refusal import Problem, Refusal, refusal_of
from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.models import Token
from agent_connector.policy.caller import Caller
from agent_connector.policy.scopes import narrower

if TYPE_CHECKING:
    from datetime import datetime

_MALFORMED = Refusal(Problem.MALFORMED, "This is not an access token of this site.")
_UNKNOWN = Refusal(Problem.UNKNOWN, "The access token is unknown.")
_FOREIGN = Refusal(Problem.WRONG_RESOURCE, "The token is for another resource.")
_EXPIRED = Refusal(Problem.EXPIRED, "The access token has expired.")


@sensitive_variables()
def verify_access_token(
    text: str, *, resource: str, now: datetime, address: str | None
) -> Caller | Refusal:
    """Return who calls, or why the token does not count.

    A malformed token costs no statement, any other one. Nothing is cached: what was
    revoked before this call began is refused by it. Audience: RFC 8707 section 2.
    """
    if not is_well_formed(text, Prefix.ACCESS, Prefix.PERSONAL):
        return _MALFORMED
    token = (
        Token.objects.using(router.db_for_write(Token))
        .select_related(
            "connection__client",
            "connection__revoked_by",
            "connection__user__mcp_access",
        )
        .filter(digest=digest_secret(text))
        .exclude(kind=Token.Kind.REFRESH)
        .first()
    )
    if token is None:
        return _UNKNOWN
    connection = token.connection
    if connection.resource != resource:
        return _FOREIGN
    refusal = refusal_of(connection, now=now)
    if refusal is not None:
        return refusal
    if token.expires_at <= now:
        return _EXPIRED
    granted = narrower(token.level or connection.level, connection.level)
    level = narrower(granted, connection.user.mcp_access.ceiling)
    return Caller(connection=connection, level=level, address=address)
