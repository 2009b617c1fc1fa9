"""Give the sample connections their tokens: real digests of secrets thrown away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from agent_connector.connections.secret import (
    Prefix,
    digest_secret,
    hint_of,
    mint_secret,
)
from agent_connector.models import Connection, Token
from panel.demo.samples.history import Chapter

ACCESS_LIFETIME = timedelta(hours=1)

PREFIXES = {
    Token.Kind.ACCESS: Prefix.ACCESS,
    Token.Kind.REFRESH: Prefix.REFRESH,
    Token.Kind.PERSONAL: Prefix.PERSONAL,
}


def write_tokens(chapters: Iterable[Chapter]) -> None:
    """Store what is left of each connection's tokens: the first pair and the last."""
    connections = [chapter.connection for chapter in chapters]
    personal = Connection.Origin.PERSONAL
    by_hand = [one for one in connections if one.origin == personal]
    signed_in = [one for one in connections if one.origin != personal]
    Token.objects.bulk_create(
        _make_token(
            one, Token.Kind.PERSONAL, issued=one.created_at, expires=one.expires_at
        )
        for one in by_hand
    )
    first = [
        _make_token(
            one, Token.Kind.REFRESH, issued=one.created_at, expires=one.expires_at
        )
        for one in signed_in
    ]
    for token in first:
        token.used_at = token.first_used_at = _last_refresh(token.connection)
    Token.objects.bulk_create(first)
    Token.objects.bulk_create(token for parent in first for token in _make_pair(parent))


def _last_refresh(connection: Connection) -> datetime:
    used = connection.last_used_at or connection.created_at
    return max(used - timedelta(minutes=20), connection.created_at)


def _make_pair(parent: Token) -> tuple[Token, Token]:
    connection, issued = parent.connection, _last_refresh(parent.connection)
    access = _make_token(
        connection,
        Token.Kind.ACCESS,
        issued=issued,
        expires=issued + ACCESS_LIFETIME,
    )
    access.first_used_at = connection.last_used_at
    refresh = _make_token(
        connection,
        Token.Kind.REFRESH,
        issued=issued,
        expires=connection.expires_at,
    )
    access.parent = refresh.parent = parent
    return access, refresh


def _make_token(
    connection: Connection, kind: Token.Kind, *, issued: datetime, expires: datetime
) -> Token:
    """Return a token, unsaved, whose text nobody keeps: it cannot be used."""
    text = mint_secret(PREFIXES[kind])
    return Token(
        connection=connection,
        kind=kind,
        digest=digest_secret(text),
        hint=hint_of(text),
        issued_at=issued,
        expires_at=expires,
    )
