"""Rotate a refresh token: each one is used once (RFC 9700 section 4.14.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import router, transaction
from django.views.decorators.debug import sensitive_variables

from agent_connector.audit.record import record_event
from agent_connector.connections.issue import TokenPair, issue_pair
from agent_connector.connections.refusal import Problem, Refusal, refusal_of
from agent_connector.connections.revoke import revoke_connection
from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.models import Connection, Event, Token
from agent_connector.policy.scopes import includes
from agent_connector.policy.settings import setting_on, with_settings

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from agent_connector.models import Client

_UNKNOWN = Refusal(Problem.UNKNOWN, "The refresh token is unknown.")


@sensitive_variables()
def find_refresh_token(text: str, *, client: Client) -> Token | None:
    """Return the client's own refresh token; another client's is unknown to it."""
    if not is_well_formed(text, Prefix.REFRESH):
        return None
    tokens = (
        Token.objects.using(router.db_for_write(Token))
        .select_related(
            "connection__client",
            "connection__revoked_by",
            "connection__user__mcp_access",
        )
        .filter(
            digest=digest_secret(text),
            kind=Token.Kind.REFRESH,
            connection__client=client,
        )
    )
    return with_settings(
        tokens, "access_token_lifetime", "refresh_token_lifetime"
    ).first()


@sensitive_variables()
def rotate_refresh_token(
    text: str, *, client: Client, level: str, now: datetime, address: str | None
) -> TokenPair | Refusal:
    """Return the next pair, or why there is none.

    `level` is what the client asks for, "" for all the connection has. The first
    of any number of parallel calls wins the conditional UPDATE; whoever comes later
    presents a used token, and the connection ends. Refusals are returned, not
    raised, so that this end is committed.
    """
    token = find_refresh_token(text, client=client)
    if token is None:
        return _UNKNOWN
    connection = token.connection
    refusal = refusal_of(connection, now=now)
    if refusal is not None:
        return refusal
    if level and not includes(connection.level, level):
        return Refusal(Problem.TOO_WIDE, f"The connection may do {connection.level}.")
    return _use(token, level=level, now=now, address=address)


@sensitive_variables()
@transaction.atomic
def _use(
    token: Token, *, level: str, now: datetime, address: str | None
) -> TokenPair | Refusal:
    connection = token.connection
    if not Token.objects.filter(pk=token.pk, used_at=None).update(used_at=now):
        _end_reused(connection, now=now, address=address)
        return Refusal(Problem.REUSED, "The refresh token was used before.")
    if token.expires_at <= now:
        return Refusal(Problem.EXPIRED, "The refresh token has expired.")
    if not _extend(connection, now=now, by=setting_on(token, "refresh_token_lifetime")):
        return Refusal(Problem.REVOKED, "The connection was revoked.")
    return issue_pair(
        connection,
        now=now,
        access_lifetime=setting_on(token, "access_token_lifetime"),
        level=level,
        parent=token,
    )


def _extend(connection: Connection, *, now: datetime, by: timedelta) -> bool:
    """Move the idle end of the connection, never past its absolute end.

    Says False, and moves nothing, when the connection has been revoked since it was
    read: a refresh and a revoke at the same moment leave no live token.
    """
    connection.expires_at = min(now + by, connection.absolute_expires_at)
    unrevoked = Connection.objects.unrevoked().filter(pk=connection.pk)
    return bool(unrevoked.update(expires_at=connection.expires_at))


def _end_reused(connection: Connection, *, now: datetime, address: str | None) -> None:
    ended = revoke_connection(
        connection,
        reason=Connection.RevokedReason.REUSE,
        actor=None,
        now=now,
        address=address,
    )
    if ended:
        record_event(
            Event.Kind.REFRESH_REUSED,
            now=now,
            user=connection.user,
            connection=connection,
            address=address,
        )
