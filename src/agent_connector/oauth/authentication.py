"""Know the client of a token or revocation request (RFC 6749 section 2.3)."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from agent_connector.models import Client
from agent_connector.oauth.errors import InvalidClient, InvalidRequest

if TYPE_CHECKING:
    from agent_connector.oauth.form import Form

SECRETS = frozenset({"client_secret", "client_assertion"})
"""Parameters by which a client proves who it is; public clients have none."""


def client_of(form: Form, *, authorization: str) -> Client:
    """Return the public client that a request names by `client_id`.

    `authorization` is the header, "" without one. A public client that sends a
    secret is misconfigured, or is not who it says, and is refused.

    Raises:
        InvalidRequest: no client, or two ways of authentication at once.
        InvalidClient: unknown, or with a secret.
    """
    sent = [name for name in sorted(SECRETS) if form.get(name)]
    basic = authorization[:6].lower() == "basic "
    if len(sent) + basic > 1:
        raise InvalidRequest("More than one way of client authentication was used.")
    if basic:
        _require_readable(authorization[6:])
        raise InvalidClient("Clients have no secret here.", challenge=True)
    client = Client.objects.filter(client_id=form.require("client_id")).first()
    if client is None:
        raise InvalidClient("The client is unknown. Register again.")
    if sent or client.auth_method != Client.AuthMethod.NONE:
        raise InvalidClient("This is a public client: it has no secret to send.")
    return client


def _require_readable(credentials: str) -> None:
    """Tell a malformed header from a wrong one, which helps who debugs a client."""
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        text = ""
    if ":" not in text:
        raise InvalidClient("The Authorization header is malformed.", challenge=True)
