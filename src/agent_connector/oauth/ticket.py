"""The one-time ticket that ties a decision to what was shown, and to whom."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.views.decorators.debug import sensitive_variables

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.sessions.backends.base import SessionBase

    from agent_connector.oauth.request import AuthorizationRequest

LIFETIME = timedelta(minutes=10)
"""How long a person may think."""

MAX_OPEN = 10
"""Tickets a session holds at once, one per open tab; the oldest goes first."""

_KEY = "agent_connector_tickets"


@sensitive_variables("ticket")
def issue_ticket(
    session: SessionBase,
    request: AuthorizationRequest,
    *,
    user_pk: object,
    now: datetime,
) -> str:
    """Return a fresh ticket for this session, this user and exactly this request.

    The session keeps digests only, so that reading it does not approve anything.
    """
    ticket = secrets.token_urlsafe(32)
    kept = {
        digest: entry
        for digest, entry in session.get(_KEY, {}).items()
        if entry["until"] > now.timestamp()
    }
    kept[_digest(ticket)] = {
        "until": (now + LIFETIME).timestamp(),
        "of": _fingerprint(request, user_pk=user_pk),
    }
    session[_KEY] = dict(list(kept.items())[-MAX_OPEN:])
    return ticket


@sensitive_variables("ticket")
def spend_ticket(
    session: SessionBase,
    ticket: str,
    request: AuthorizationRequest,
    *,
    user_pk: object,
    now: datetime,
) -> bool:
    """Take the ticket out of the session and say whether it was the right one."""
    kept = dict(session.get(_KEY, {}))
    entry = kept.pop(_digest(ticket), None)
    if entry is None:
        return False
    session[_KEY] = kept
    fits = hmac.compare_digest(entry["of"], _fingerprint(request, user_pk=user_pk))
    return fits and entry["until"] > now.timestamp()


def connection_id_of(ticket: str) -> uuid.UUID:
    """Return the public id of the one connection that this ticket may open.

    Sessions do not lock: of two parallel posts of one ticket both may find it. The
    unique public id lets only the first of them open a connection.
    """
    digest = hashlib.sha256(
        b"connection:" + ticket.encode("utf-8", "surrogatepass")
    ).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).hexdigest()


def _fingerprint(request: AuthorizationRequest, *, user_pk: object) -> str:
    """Return a digest of all that the page showed or the code will be bound to."""
    shown = [
        str(user_pk),
        request.client.client_id,
        request.client.name,
        request.client.host,
        request.redirect_uri,
        request.state,
        request.challenge,
        request.level,
        request.resource,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()
