"""Open a connection: what a user's consent leaves behind."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from agent_connector.audit.audience import audience_in
from agent_connector.audit.record import record_event
from agent_connector.connections.secret import Prefix, digest_secret, mint_secret
from agent_connector.models import AuthorizationCode, Client, Connection, Event
from agent_connector.policy.settings import read_settings

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the user agreed to, all of it already judged."""

    client: Client
    level: str
    resource: str
    redirect_uri: str
    challenge: str
    """The PKCE challenge, method S256 (RFC 7636)."""

    lifetime: timedelta | None = None
    """How long the connection is to live at the most; None: as long as it may."""

    public_id: uuid.UUID = field(default_factory=uuid.uuid4)
    """Of the connection to open. Unique: one consent opens one connection."""


@sensitive_variables()
@transaction.atomic
def open_connection(
    user: User,
    consent: Consent,
    *,
    actor: User | None,
    now: datetime,
    address: str | None,
    via: str = "",
) -> str:
    """Return the authorization code of a new connection, its only copy.

    `via` names what opened it for a trial, in place of the user's own consent: on
    record, and no news to mail.

    The connection carries the epoch that was read with the user: if access is
    disabled at the same moment, the connection is born dead. It is listed once the
    code has been exchanged.

    Raises:
        IntegrityError: this consent has opened its connection before.
    """
    site = read_settings()
    longest = site.connection_lifetime
    ends_at = now + min(consent.lifetime or longest, longest)
    connection = Connection.objects.create(
        public_id=consent.public_id,
        user_id=user.pk,
        client=consent.client,
        client_name=consent.client.name,
        client_host=consent.client.host,
        origin=Connection.Origin.OAUTH,
        level=consent.level,
        resource=consent.resource,
        epoch=user.mcp_access.epoch,
        created_at=now,
        created_from=address,
        expires_at=min(now + site.refresh_token_lifetime, ends_at),
        absolute_expires_at=ends_at,
    )
    code = mint_secret(Prefix.CODE)
    AuthorizationCode.objects.create(
        digest=digest_secret(code),
        connection=connection,
        redirect_uri=consent.redirect_uri,
        challenge=consent.challenge,
        expires_at=now + site.authorization_code_lifetime,
    )
    kind = Event.Kind.CONNECTION_OPENED
    record_event(
        kind,
        now=now,
        user=user,
        actor=actor,
        connection=connection,
        address=address,
        detail=f"{consent.client.name} ({consent.level})",
        via=via,
        audience=Event.Audience.NOBODY if via else audience_in(site, kind),
    )
    return code
