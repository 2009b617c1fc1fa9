"""Issue a personal access token: a connection made by hand, and its one token."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from agent_connector.audit.audience import audience_in
from agent_connector.audit.record import record_event
from agent_connector.connections.secret import (
    Prefix,
    digest_secret,
    hint_of,
    mint_secret,
)
from agent_connector.models import Connection, Event, MCPAccess, Token
from agent_connector.policy.rules import (
    ALLOWED,
    Denial,
    Verdict,
    access_of,
    may_connect,
)
from agent_connector.policy.scopes import includes
from agent_connector.policy.settings import SiteSettings, read_settings
from agent_connector.signals import connection_opened, send_on_commit

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from django.contrib.auth.models import User

MOST_ACTIVE = 20
"""Personal access tokens that one user may have at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user asks for."""

    label: str
    level: str
    lifetime: timedelta
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalToken:
    """A fresh token; the only moment at which its text exists."""

    text: str = field(repr=False)
    connection: Connection


def may_issue(user: User, *, site: SiteSettings, now: datetime) -> Verdict:
    """Decide whether this user may have one more personal access token."""
    if not site.personal_access_tokens:
        return Verdict(Denial.NOT_ALLOWED)
    verdict = may_connect(user)
    if not verdict.allowed:
        return verdict
    held = Connection.objects.standing(at=now).filter(
        user=user.pk, origin=Connection.Origin.PERSONAL
    )
    return Verdict(Denial.TOO_MANY) if held.count() >= MOST_ACTIVE else ALLOWED


@sensitive_variables()
@transaction.atomic
def issue_personal_token(
    user: User,
    wanted: Wanted,
    *,
    actor: User | None,
    now: datetime,
    address: str | None,
    via: str = "",
) -> PersonalToken | Verdict:
    """Return the new token, or why there is none.

    All is judged here, whatever a page has offered, and by the user's access as it is
    once locked, so that parallel calls make no token too many. If everything of the
    user was revoked since `user` was read, there is none.
    """
    access = _locked(access_of(user))
    if access is None or not access.enabled:
        return Verdict(Denial.DISABLED)
    site = read_settings()
    if wanted.lifetime > site.personal_access_token_lifetime:
        return Verdict(Denial.TOO_LONG)
    if not includes(access.ceiling, wanted.level):
        return Verdict(Denial.ABOVE_CEILING)
    verdict = may_issue(user, site=site, now=now)
    if not verdict.allowed:
        return verdict
    issued = _issue(user, wanted, epoch=access.epoch, now=now, address=address)
    record_event(
        Event.Kind.CONNECTION_OPENED,
        now=now,
        user=user,
        actor=actor,
        connection=issued.connection,
        address=address,
        detail=f"{wanted.label} ({wanted.level}, personal access token)",
        via=via,
        audience=audience_in(site, Event.Kind.CONNECTION_OPENED),
    )
    send_on_commit(connection_opened, Connection, connection=issued.connection)
    return issued


def _locked(read: MCPAccess | None) -> MCPAccess | None:
    """Return the row anew, which nobody changes meanwhile, if its epoch is the same."""
    if read is None:
        return None
    same = MCPAccess.objects.filter(pk=read.pk, epoch=read.epoch)
    return same.select_for_update(no_key=True).first()


@sensitive_variables()
def _issue(
    user: User,
    wanted: Wanted,
    *,
    epoch: int,
    now: datetime,
    address: str | None,
) -> PersonalToken:
    ends_at = now + wanted.lifetime
    connection = Connection.objects.create(
        user_id=user.pk,
        origin=Connection.Origin.PERSONAL,
        label=wanted.label,
        level=wanted.level,
        resource=wanted.resource,
        epoch=epoch,
        created_at=now,
        created_from=address,
        expires_at=ends_at,
        absolute_expires_at=ends_at,
        exchanged_at=now,
    )
    text = mint_secret(Prefix.PERSONAL)
    Token.objects.create(
        connection=connection,
        kind=Token.Kind.PERSONAL,
        digest=digest_secret(text),
        issued_at=now,
        expires_at=ends_at,
        hint=hint_of(text),
    )
    return PersonalToken(text=text, connection=connection)
