"""Rotate a refresh token: exchanged once, repeated while the grace lasts.

Presented for the first time it is exchanged for the next pair (RFC 9700 section
4.14.2). Again within the grace: the same pair, once more. Later, while nobody ever
presented that pair: the answer was lost, and another pair takes its place. Anything else
is reuse, and the connection ends.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import router, transaction
from django.db.models import DateTimeField, Q, Value
from django.db.models.functions import Coalesce
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.issue import TokenPair, issue_pair
from agent_connector.connections.refusal import (
    NEEDED,
    Problem,
    Refusal,
    refusal_of,
)
from agent_connector.connections.revoke import revoke_misused
from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.connections.successor import (
    SALT_BYTES,
    derive_texts,
    repeat_texts,
)
from agent_connector.models import Client, Connection, Event, Token
from agent_connector.policy.scopes import includes, scope_text
from agent_connector.policy.settings import setting_on, with_settings

LOST_ANSWER_WITHIN = timedelta(hours=24)
"""How long after its first use a refresh token may say that the answer was lost."""

_SETTINGS = ("access_token_lifetime", "refresh_token_lifetime", "refresh_grace")
_UNKNOWN = Refusal(Problem.UNKNOWN, "The refresh token is unknown.")
_EXPIRED = Refusal(Problem.EXPIRED, "The refresh token has expired.")
_REVOKED = Refusal(Problem.REVOKED, "The connection was revoked.")
_REUSED = Refusal(Problem.REUSED, "The refresh token was used before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """One refresh request, as `rotate_refresh_token` was given it."""

    text: str = field(repr=False)
    level: str
    now: datetime
    address: str | None


@sensitive_variables()
def find_refresh_token(text: str, *, client: Client) -> Token | None:
    """Return the client's own refresh token; another client's is unknown to it."""
    if not is_well_formed(text, Prefix.REFRESH):
        return None
    tokens = (
        Token.objects.using(router.db_for_write(Token))
        .select_related(*NEEDED)
        .filter(
            digest=digest_secret(text),
            kind=Token.Kind.REFRESH,
            connection__client=client,
        )
    )
    return with_settings(tokens, *_SETTINGS).first()


@sensitive_variables()
def rotate_refresh_token(
    text: str, *, client: Client, level: str, now: datetime, address: str | None
) -> TokenPair | Refusal:
    """Return the next pair, or why there is none.

    `level` is what the client asks for, "" for all the connection has; a pair that is
    repeated keeps the level it was issued with, and says so. Refusals are returned,
    not raised, so that the end of a connection is committed. No transaction is open
    while the token is read: who loses the race for it reads it anew.
    """
    ask = _Ask(text=text, level=level, now=now, address=address)
    while True:  # each further round: another request has exchanged it meanwhile
        token = find_refresh_token(text, client=client)
        if token is None:
            return _UNKNOWN
        refusal = _refusal_of(token, ask)
        if refusal is not None:
            return refusal
        answer = _exchange(token, ask) if token.used_at is None else _again(token, ask)
        if answer is not None:
            return answer


def _refusal_of(token: Token, ask: _Ask) -> Refusal | None:
    """Return what stands against this token whether it was used or not."""
    connection = token.connection
    refusal = refusal_of(connection, now=ask.now)
    if refusal is not None:
        return refusal
    if ask.level and not includes(connection.level, ask.level):
        return Refusal(Problem.TOO_WIDE, f"The connection may do {connection.level}.")
    if token.used_at is None and token.expires_at <= ask.now:
        return _EXPIRED
    return None


@sensitive_variables()
@transaction.atomic
def _exchange(
    token: Token, ask: _Ask, *, instead_of: Sequence[Token] = ()
) -> TokenPair | Refusal | None:
    """Issue the next pair; None: another request has done so at this moment.

    The first of any number of parallel calls wins the conditional UPDATE. Rows are
    locked from parent to child and the connection last.
    """
    grace = setting_on(token, "refresh_grace")
    salt = secrets.token_bytes(SALT_BYTES)
    if not instead_of:
        _erase_salts(token, before=ask.now - grace)
    if not _mark_used(token, salt=salt if grace else None, now=ask.now):
        return None
    if not _end_unseen(instead_of, now=ask.now):
        return _end_reused(token.connection, ask)
    by = setting_on(token, "refresh_token_lifetime")
    if not _extend(token.connection, now=ask.now, by=by):
        return _REVOKED
    return issue_pair(
        token.connection,
        now=ask.now,
        access_lifetime=setting_on(token, "access_token_lifetime"),
        level=ask.level,
        parent=token,
        texts=derive_texts(ask.text, salt=salt),
    )


@sensitive_variables()
def _again(token: Token, ask: _Ask) -> TokenPair | Refusal | None:
    """Answer a token that was used before: the same pair, a new one, or the alarm."""
    tokens = Token.objects.using(router.db_for_write(Token))
    successors = list(tokens.filter(parent=token))
    grace = setting_on(token, "refresh_grace")
    if grace and _is_within(grace, of=token.used_at, now=ask.now):
        pair = _repeated(token, successors, ask)
        if pair is not None:
            return pair
    unseen = [one for one in successors if one.used_at is None]
    is_lost = (
        grace
        and unseen
        and not any(one.first_used_at for one in successors)
        and _is_within(LOST_ANSWER_WITHIN, of=token.first_used_at, now=ask.now)
    )
    if is_lost:
        return _exchange(token, ask, instead_of=unseen)
    return _end_reused(token.connection, ask)


@sensitive_variables()
def _repeated(token: Token, successors: Sequence[Token], ask: _Ask) -> TokenPair | None:
    """Return the pair that this token was exchanged for, unless it is used up."""
    if token.successor_salt is None:
        return None
    stored = {bytes(one.digest): one for one in successors}
    salt = bytes(token.successor_salt)
    texts = repeat_texts(ask.text, salt=salt, stored=stored.keys())
    if texts is None or stored[digest_secret(texts.refresh)].used_at is not None:
        return None
    access = stored[digest_secret(texts.access)]
    return TokenPair(
        access=texts.access,
        refresh=texts.refresh,
        expires_in=access.expires_at - ask.now,
        scope=scope_text(access.level or token.connection.level),
    )


def _is_within(span: timedelta, *, of: datetime | None, now: datetime) -> bool:
    """Say whether two moments are near; a clock that was set back proves nothing."""
    return of is not None and abs(now - of) <= span


@sensitive_variables()
def _mark_used(token: Token, *, salt: bytes | None, now: datetime) -> bool:
    """Mark a token used, and say False if it is no longer as it was read."""
    as_read = Token.objects.filter(pk=token.pk, used_at=token.used_at)
    presented = Coalesce("first_used_at", Value(now, output_field=DateTimeField()))
    return bool(
        as_read.update(used_at=now, first_used_at=presented, successor_salt=salt)
    )


def _erase_salts(token: Token, *, before: datetime) -> None:
    """Erase what the parent's pair was made of, now that this half of it is used.

    And all whose grace is over, so that nobody can make later tokens of an old one,
    not even with a copy of the database and the site's secret key. Rows that another
    request holds are left to it, or to the next refresh.
    """
    spent = (
        Token.objects.filter(successor_salt__isnull=False)
        .filter(Q(pk=token.parent_id) | Q(used_at__lt=before))
        .select_for_update(skip_locked=True, no_key=True)
    )
    Token.objects.filter(pk__in=spent.values("pk")).update(successor_salt=None)


def _end_unseen(unseen: Sequence[Token], *, now: datetime) -> bool:
    """End tokens that never arrived; False: one of them was presented meanwhile."""
    never = Token.objects.filter(used_at=None, first_used_at=None)
    pks = [one.pk for one in unseen]
    return never.filter(pk__in=pks).update(used_at=now, expires_at=now) == len(pks)


def _extend(connection: Connection, *, now: datetime, by: timedelta) -> bool:
    """Move the idle end of the connection, never past its absolute end.

    Says False, and moves nothing, when the connection has been revoked since it was
    read: a refresh and a revoke at the same moment leave no live token.
    """
    connection.expires_at = min(now + by, connection.absolute_expires_at)
    unrevoked = Connection.objects.unrevoked().filter(pk=connection.pk)
    return bool(unrevoked.update(expires_at=connection.expires_at))


def _end_reused(connection: Connection, ask: _Ask) -> Refusal:
    revoke_misused(
        connection,
        reason=Connection.RevokedReason.REUSE,
        alarm=Event.Kind.REFRESH_REUSED,
        now=ask.now,
        address=ask.address,
    )
    return _REUSED
