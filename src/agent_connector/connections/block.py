"""Block and unblock a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from agent_connector.audit.record import record_event
from agent_connector.connections.revoke import Revoked, revoke_client
from agent_connector.models import Client, Event

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


@transaction.atomic
def block_client(
    client: Client, *, actor: User, now: datetime, address: str | None = None
) -> Revoked | None:
    """Block a client and revoke all its connections; None: it was blocked before.

    Five statements, however many connections. The client's row is locked before its
    connections, in the order of an exchange: whichever is first, no token is left that
    works.
    """
    if not _set_trust(client, Client.Trust.BLOCKED):
        return None
    record_event(
        Event.Kind.CLIENT_BLOCKED,
        now=now,
        actor=actor,
        address=address,
        detail=_name_of(client),
    )
    return revoke_client(client, actor=actor, now=now, address=address)


@transaction.atomic
def unblock_client(
    client: Client, *, actor: User, now: datetime, address: str | None = None
) -> bool:
    """Let a client be authorized again, and say whether it was blocked before.

    Nothing that was revoked comes back.
    """
    if not _set_trust(client, Client.Trust.DEFAULT):
        return False
    record_event(
        Event.Kind.CLIENT_UNBLOCKED,
        now=now,
        actor=actor,
        address=address,
        detail=_name_of(client),
    )
    return True


def _set_trust(client: Client, trust: Client.Trust) -> bool:
    others = Client.objects.filter(pk=client.pk).exclude(trust=trust)
    changed = bool(others.update(trust=trust))
    client.trust = trust
    return changed


def _name_of(client: Client) -> str:
    return f"{client.name} ({client.client_id})"
