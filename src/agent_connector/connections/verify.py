"""Verify the token of a request: one statement, on the write database, every time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import router
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.refusal import (
    NEEDED,
    SWITCHED_OFF,
    Problem,
    Refusal,
    refusal_by_address,
    refusal_by_site,
    refusal_of_call,
)
from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.models import Token
from agent_connector.models.prepared import PreparedQuestion, Slot
from agent_connector.policy.caller import Caller
from agent_connector.policy.pace import least
from agent_connector.policy.role import limits_on, with_role_mark
from agent_connector.policy.scopes import Scope, narrower
from agent_connector.policy.settings import (
    SWITCHES,
    is_locked,
    read_settings,
    setting_on,
    with_settings,
)

if TYPE_CHECKING:
    from datetime import datetime

    from agent_connector.models import Connection

_READ_TOGETHER = ("allowed_addresses", *SWITCHES)

_MALFORMED = Refusal(Problem.MALFORMED, "This is not an access token of this site.")
_UNKNOWN = Refusal(Problem.UNKNOWN, "The access token is unknown.")
_FOREIGN = Refusal(Problem.WRONG_RESOURCE, "The token is for another resource.")
_EXPIRED = Refusal(Problem.EXPIRED, "The access token has expired.")


@sensitive_variables()
def verify_access_token(
    text: str, *, resource: str, now: datetime, address: str | None
) -> Caller | Refusal:
    """Return who calls with an access or personal token, or why it does not count.

    A malformed token costs no statement, a known one costs one, which reads the site's
    address rules and switches too, and one more where a role of the user has a policy.
    The address comes first: who may not come learns nothing about the token. Nothing
    is cached: what was revoked or switched off before this call began is refused by
    it. Audience: RFC 8707 section 2. The first use of an access token is written down,
    once.
    """
    if not is_well_formed(text, Prefix.ACCESS, Prefix.PERSONAL):
        return _MALFORMED
    token = _find(text)
    if token is None:
        return _refusal_of_unknown(address)
    refusal = (
        refusal_by_address(setting_on(token, "allowed_addresses"), address)
        or refusal_by_site(token, origin=token.connection.origin)
        or _judge(token, resource=resource, now=now)
    )
    if refusal is not None:
        return refusal
    _note_first_use(token, now=now)
    return _caller_with(token, address=address)


@sensitive_variables()
def _find(text: str) -> Token | None:
    stored = tuple(name for name in _READ_TOGETHER if not is_locked(name))
    question = _bearer_question(router.db_for_write(Token), stored)
    return question.first(digest=digest_secret(text))


@cache
def _bearer_question(alias: str, switches: tuple[str, ...]) -> PreparedQuestion[Token]:
    """Return the question for a token that may call, which is the same at every one."""
    digest: Any = Slot("digest", Token._meta.get_field("digest"))
    tokens = (
        Token.objects.using(alias)
        .select_related(*NEEDED)
        .filter(kind__in=[Token.Kind.ACCESS, Token.Kind.PERSONAL], digest=digest)
    )
    together = with_settings(with_role_mark(tokens, "connection__user"), *switches)
    return PreparedQuestion(together)


def _refusal_of_unknown(address: str | None) -> Refusal:
    site = read_settings()
    by_address = refusal_by_address(site.allowed_addresses, address)
    return by_address or (_UNKNOWN if site.mcp_server_enabled else SWITCHED_OFF)


def _judge(token: Token, *, resource: str, now: datetime) -> Refusal | None:
    connection = token.connection
    if connection.resource != resource:
        return _FOREIGN
    refusal = refusal_of_call(connection, now=now)
    if refusal is not None:
        return refusal
    return _EXPIRED if token.expires_at <= now else None


def _note_first_use(token: Token, *, now: datetime) -> None:
    """Write that this pair has arrived: a refresh that is repeated later is no retry."""
    if token.kind == Token.Kind.ACCESS and token.first_used_at is None:
        Token.objects.filter(pk=token.pk, first_used_at=None).update(first_used_at=now)


def _caller_with(token: Token, *, address: str | None) -> Caller:
    connection = token.connection
    granted = narrower(token.level or connection.level, connection.level)
    return caller_on(connection, switches=token, granted=granted, address=address)


def caller_on(
    connection: Connection, *, switches: Any, granted: str, address: str | None
) -> Caller:
    """Return the caller, as far as `granted`, ceiling and site reach.

    `switches` is the row with which the site's switches were read.
    """
    may_change = setting_on(switches, "agents_may_change_data")
    level = narrower(granted, connection.user.mcp_access.ceiling)
    limits = limits_on(switches, connection.user)
    only_reads = limits.read_only or not may_change
    site_calls = setting_on(switches, "calls_per_minute") or None
    return Caller(
        connection=connection,
        level=Scope.READ if only_reads else level,
        may_change=may_change,
        stores_arguments=setting_on(switches, "store_arguments"),
        limits=limits,
        most_calls=least(site_calls, limits.calls_per_minute),
        refused_calls_to_suspend=setting_on(switches, "refused_calls_to_suspend"),
        address=address,
    )
