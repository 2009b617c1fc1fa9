"""Block and unblock a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from agent_connector.audit.record import record_event
from agent_connector.connections.revoke import Revoked, revoke_client
from agent_connector.models import Client, Connection, Event

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


@transaction.atomic
def block_client(
    client: Client,
    *,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> Revoked | None:
    """Block a client and revoke all its connections; None: it was blocked before.

    Five statements, however many connections. The client's row is locked before its
    connections, in the order of an exchange: whichever is first, no token is left that
    works.
    """
    if not _set_trust(
        client, Client.Trust.BLOCKED, actor=actor, now=now, address=address, via=via
    ):
        return None
    reason = Connection.RevokedReason.BLOCKED
    return revoke_client(
        client, reason=reason, actor=actor, now=now, address=address, via=via
    )


@transaction.atomic
def unblock_client(
    client: Client,
    *,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> bool:
    """Let a client be authorized again, and say whether it was blocked before.

    Nothing that was revoked comes back.
    """
    return _set_trust(
        client, Client.Trust.DEFAULT, actor=actor, now=now, address=address, via=via
    )


def _set_trust(
    client: Client,
    trust: Client.Trust,
    *,
    actor: User | None,
    now: datetime,
    address: str | None,
    via: str,
) -> bool:
    """Change it, on record, and say whether it was another one before."""
    others = Client.objects.filter(pk=client.pk).exclude(trust=trust)
    client.trust = trust
    if not others.update(trust=trust):
        return False
    is_block = trust == Client.Trust.BLOCKED
    record_event(
        Event.Kind.CLIENT_BLOCKED if is_block else Event.Kind.CLIENT_UNBLOCKED,
        now=now,
        actor=actor,
        address=address,
        detail=f"{client.name} ({client.client_id})",
        via=via,
    )
    return True
