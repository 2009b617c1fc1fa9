"""Issue tokens: for a code, once; and, for `rotate`, the next pair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import router, transaction
from django.db.models import Exists, OuterRef
from django.views.decorators.debug import sensitive_variables

from agent_connector.audit.record import record_event
from agent_connector.audit.recorded import registration_detail
from agent_connector.connections.refusal import (
    NEEDED,
    Problem,
    Refusal,
    refusal_of,
)
from agent_connector.connections.revoke import (
    older_connections,
    revoke_misused,
    revoke_replaced,
)
from agent_connector.connections.secret import (
    Prefix,
    digest_secret,
    hint_of,
    is_well_formed,
    mint_secret,
)
from agent_connector.connections.successor import Texts
from agent_connector.models import AuthorizationCode, Client, Connection, Event, Token
from agent_connector.policy.scopes import scope_text
from agent_connector.policy.settings import setting_on, with_settings
from agent_connector.signals import connection_opened, send_on_commit

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """A fresh pair; the only moment at which the texts exist."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: timedelta
    """How long the access token works."""

    scope: str
    """What the access token may do, as in the wire's `scope`."""


@sensitive_variables()
def find_code(text: str) -> AuthorizationCode | None:
    """Return the code of this text with all that redeeming it needs, or None."""
    if not is_well_formed(text, Prefix.CODE):
        return None
    codes = (
        AuthorizationCode.objects.using(router.db_for_write(AuthorizationCode))
        .select_related(*NEEDED)
        .filter(digest=digest_secret(text))
    )
    older = older_connections(
        OuterRef("connection__user"),
        OuterRef("connection__client"),
        than=OuterRef("connection"),
    )
    # Whatever is older was opened before this code was, so it is seen here already.
    codes = codes.annotate(has_older=Exists(older))
    return with_settings(codes, "access_token_lifetime").first()


def burn_code(code: AuthorizationCode, *, now: datetime) -> None:
    """Make a code useless, after somebody failed to prove that it is theirs."""
    AuthorizationCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now)


@transaction.atomic
def redeem_code(
    code: AuthorizationCode, *, now: datetime, address: str | None
) -> TokenPair | Refusal:
    """Exchange a code, already proved to be the client's, for the first tokens.

    Used once: the first of any number of parallel calls wins the conditional
    UPDATE. A second use ends the connection (RFC 6749 section 4.1.2), and that is
    committed, which is why refusals are returned, not raised.
    """
    connection = code.connection
    claimed = AuthorizationCode.objects.filter(pk=code.pk, used_at=None).update(
        used_at=now
    )
    if not claimed:
        revoke_misused(
            connection,
            reason=Connection.RevokedReason.CODE_REPLAY,
            alarm=Event.Kind.CODE_REPLAYED,
            now=now,
            address=address,
        )
        return Refusal(Problem.REUSED, "The authorization code was used before.")
    if code.expires_at <= now:
        return Refusal(Problem.EXPIRED, "The authorization code has expired.")
    refusal = refusal_of(connection, now=now)
    if refusal is not None:
        return refusal
    if connection.client is None:
        return Refusal(Problem.UNKNOWN, "The client is no longer registered.")
    # Locks are taken in one order: client, older connections, this one.
    _mark_client_used(connection, connection.client, now=now)
    if getattr(code, "has_older", True):
        revoke_replaced(connection, now=now, address=address)
    unrevoked = Connection.objects.unrevoked().filter(pk=connection.pk)
    if not unrevoked.update(exchanged_at=now):
        return Refusal(Problem.REVOKED, "The connection was revoked.")
    connection.exchanged_at = now
    send_on_commit(connection_opened, Connection, connection=connection)
    lifetime = setting_on(code, "access_token_lifetime")
    return issue_pair(connection, now=now, access_lifetime=lifetime)


@sensitive_variables()
def issue_pair(
    connection: Connection,
    *,
    now: datetime,
    access_lifetime: timedelta,
    level: str = "",
    parent: Token | None = None,
    texts: Texts | None = None,
) -> TokenPair:
    """Store the digests of a new pair, random unless `texts` are given; return it.

    `level` narrows the access token only; the refresh token keeps the connection's
    (RFC 6749 section 6).
    """
    lifetime = min(access_lifetime, connection.expires_at - now)
    texts = texts or Texts(
        access=mint_secret(Prefix.ACCESS), refresh=mint_secret(Prefix.REFRESH)
    )
    Token.objects.bulk_create(
        [
            Token(
                connection=connection,
                kind=Token.Kind.ACCESS,
                digest=digest_secret(texts.access),
                level=level,
                parent=parent,
                issued_at=now,
                expires_at=now + lifetime,
                hint=hint_of(texts.access),
            ),
            Token(
                connection=connection,
                kind=Token.Kind.REFRESH,
                digest=digest_secret(texts.refresh),
                parent=parent,
                issued_at=now,
                expires_at=connection.expires_at,
                hint=hint_of(texts.refresh),
            ),
        ]
    )
    return TokenPair(
        access=texts.access,
        refresh=texts.refresh,
        expires_in=lifetime,
        scope=scope_text(level or connection.level),
    )


def _mark_client_used(connection: Connection, client: Client, *, now: datetime) -> None:
    """Note the use; the first puts on record when and from where it registered.

    Not sooner: anybody may register, as often as they like, and never come back.
    """
    clients = Client.objects.filter(pk=client.pk)
    is_first = client.first_used_at is None and clients.filter(
        first_used_at=None
    ).update(first_used_at=now, last_used_at=now)
    if not is_first:
        clients.update(last_used_at=now)
    elif client.kind != Client.Kind.MANUAL:  # who entered those is on record already
        record_event(
            Event.Kind.CLIENT_REGISTERED,
            now=client.created_at,
            user=connection.user,
            connection=connection,
            address=client.created_from,
            detail=registration_detail(client),
        )
