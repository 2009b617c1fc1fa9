"""Know the client of a token or revocation request (RFC 6749 section 2.3)."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from django.db import router
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.secret import Prefix, digest_secret, is_well_formed
from agent_connector.models import Client
from agent_connector.oauth.errors import InvalidClient, InvalidRequest
from agent_connector.oauth.gate import open_settings, require_open
from agent_connector.oauth.limits import count_failure, failures_of
from agent_connector.policy.settings import setting_on, with_settings

if TYPE_CHECKING:
    from datetime import datetime

    from agent_connector.oauth.form import Form

SECRETS = frozenset({"client_secret", "client_assertion"})
"""Parameters by which a client proves who it is; public clients have none."""

_NO_DIGEST = bytes(32)
"""Compared with where there is no other: the digest of no text that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who a client says it is, and how it proves that."""

    client_id: str
    method: str
    """As in `Client.AuthMethod`, or the name of a parameter that no client uses."""

    secret: str = field(default="", repr=False)


@sensitive_variables()
def client_of(
    form: Form, *, authorization: str, now: datetime, address: str | None
) -> Client:
    """Return the client that a request names, in the way it registered and no other.

    `authorization` is the header, "" without one. One statement, which reads the
    address rules and the master switch too; another one before a refusal. Each that
    comes from where clients may come from is counted, and what is right is never
    refused for the failures of others: client ids are public, and addresses are shared.

    Raises:
        InvalidRequest: no client, or two ways of authentication at once.
        InvalidClient: unknown, a wrong secret, or another method than its own.
        AddressRefused, RulesUnreadable, SwitchedOff: as `require_open` says.
        TooManyRequests: refused, and once too often for this client and address.
    """
    given = credentials_in(form, authorization=authorization)
    is_public = given.method == Client.AuthMethod.NONE
    can_be_right = is_public or is_well_formed(given.secret, Prefix.CLIENT_SECRET)
    client = _find(given, address=address) if can_be_right else None
    stored = (client.secret_digest if client else None) or _NO_DIGEST
    proved = hmac.compare_digest(bytes(stored), digest_secret(given.secret))
    if client and client.auth_method == given.method and (proved or is_public):
        return client
    # Who may not come leaves no row behind. Asked of a client that was found, too, whose
    # rules were read with it: the same statements tell no client id from another.
    open_settings(address)
    count_failure(
        failures_of(client.client_id if client else "", address=address), now=now
    )
    raise _refusal_of(client, given)


@sensitive_variables()
def credentials_in(form: Form, *, authorization: str) -> Credentials:
    """Return what the request says, nothing of it proved.

    Raises:
        InvalidRequest: no client, or two ways of authentication at once.
        InvalidClient: the header cannot be read.
    """
    sent = [name for name in sorted(SECRETS) if form.get(name)]
    basic = authorization[:6].lower() == "basic "
    if len(sent) + basic > 1:
        raise InvalidRequest("More than one way of client authentication was used.")
    if basic:
        given = _read_basic(authorization[6:])
        if form.get("client_id") not in {"", given.client_id}:
            raise InvalidRequest("client_id and Authorization name two clients.")
        return given
    client_id = form.require("client_id")
    if not sent:
        return Credentials(client_id=client_id, method=Client.AuthMethod.NONE)
    is_post = sent == ["client_secret"]
    return Credentials(
        client_id=client_id,
        method=Client.AuthMethod.SECRET_POST if is_post else sent[0],
        secret=form.get("client_secret"),
    )


@sensitive_variables()
def _read_basic(text: str) -> Credentials:
    """Read `client_id:client_secret`, each form-encoded first (section 2.3.1)."""
    client_id = colon = secret = ""
    try:
        pair = base64.b64decode(text.strip(), validate=True).decode("utf-8")
        client_id, colon, secret = pair.partition(":")
        client_id = unquote_plus(client_id, errors="strict")
        secret = unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError):  # broken UTF-8 is a ValueError
        colon = ""
    if not colon or "\x00" in client_id:
        raise InvalidClient("The Authorization header is malformed.", challenge=True)
    method = Client.AuthMethod.SECRET_BASIC
    return Credentials(client_id=client_id, method=method, secret=secret)


def _find(given: Credentials, *, address: str | None) -> Client | None:
    known = Client.objects.using(router.db_for_write(Client)).filter(
        client_id=given.client_id
    )
    site = ("allowed_addresses", "mcp_server_enabled")
    client = with_settings(known, *site).first()
    if client is not None:
        require_open(
            rules=setting_on(client, "allowed_addresses"),
            mcp_server_enabled=setting_on(client, "mcp_server_enabled"),
            address=address,
        )
    return client


def _refusal_of(client: Client | None, given: Credentials) -> InvalidClient:
    """Say what to mend; whether a client id is known is told to no secret's sender."""
    if given.method != Client.AuthMethod.NONE:
        sentence = (
            "The client is unknown, its secret is wrong, or it authenticates in"
            " another way than it registered. A public client has no secret to send."
        )
    elif client is None:
        sentence = "The client is unknown. Register again."
    else:
        sentence = f"This client authenticates by {client.auth_method}."
    return InvalidClient(
        sentence, challenge=given.method == Client.AuthMethod.SECRET_BASIC
    )
