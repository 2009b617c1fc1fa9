"""Clients that an administrator enters, and a new secret for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from agent_connector.audit.record import record_event
from agent_connector.connections.secret import Prefix, digest_secret, mint_secret
from agent_connector.models import Client, Event
from agent_connector.oauth.registration import Registration, store_client

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import User


@sensitive_variables()
@transaction.atomic
def enter_client(  # what is entered, and who enters it when
    name: str,
    *,
    redirect_uris: Sequence[str],
    auth_method: str,
    actor: User,
    now: datetime,
    address: str | None,
) -> Registration:
    """Store a client under a random id; the form has judged name and URIs."""
    entered = store_client(
        kind=Client.Kind.MANUAL,
        name=name,
        redirect_uris=list(redirect_uris),
        auth_method=auth_method,
        created_at=now,
        created_from=address,
    )
    record_event(
        Event.Kind.CLIENT_ADDED,
        now=now,
        actor=actor,
        address=address,
        detail=f"{name} ({entered.client.client_id})",
    )
    return entered


@sensitive_variables()
@transaction.atomic
def renew_secret(
    client: Client, *, actor: User, now: datetime, address: str | None
) -> str:
    """Return the new secret, with which the old one is dead; "" if it has none.

    Only clients that an administrator entered get one this way.
    """
    secret = mint_secret(Prefix.CLIENT_SECRET)
    changed = (
        Client.objects.filter(pk=client.pk, kind=Client.Kind.MANUAL)
        .exclude(auth_method=Client.AuthMethod.NONE)
        .update(secret_digest=digest_secret(secret))
    )
    if not changed:
        return ""
    record_event(
        Event.Kind.CLIENT_NEW_SECRET,
        now=now,
        actor=actor,
        address=address,
        detail=f"{client.name} ({client.client_id})",
    )
    return secret
