"""Register a client that describes itself (RFC 7591), public unless it asks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.secret import Prefix, digest_secret, mint_secret
from agent_connector.models import Client
from agent_connector.oauth.client_name import clean_name
from agent_connector.oauth.errors import InvalidClientMetadata, InvalidRedirectURI
from agent_connector.oauth.metadata import AUTH_METHODS
from agent_connector.oauth.redirects import fault_of
from agent_connector.policy.scopes import scope_text

if TYPE_CHECKING:
    from datetime import datetime

MAX_REDIRECT_URIS = 10

_TEXTS = frozenset(
    {
        *("client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri"),
        *("scope", "software_id", "software_version", "software_statement"),
        *("token_endpoint_auth_method", "application_type"),
    }
)
_LISTS = frozenset({"redirect_uris", "grant_types", "response_types", "contacts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A fresh client; the only moment at which the text of its secret exists."""

    client: Client
    secret: str = field(repr=False)
    """"" for a public client."""


@sensitive_variables()
def register_client(
    metadata: dict[str, Any], *, now: datetime, address: str | None
) -> Registration:
    """Store a new client under a random id; what we do not know is ignored.

    It is on record from its first use on. Nothing named in the metadata (logo, keys,
    statement) is ever fetched.

    Raises:
        InvalidClientMetadata: a member has a wrong type or an unknown method.
        InvalidRedirectURI: a redirect URI is missing, too many or not allowed.
    """
    given = {name: value for name, value in metadata.items() if value is not None}
    _require_types(given)
    method = given.get("token_endpoint_auth_method", "none")
    if method not in AUTH_METHODS:
        known = ", ".join(AUTH_METHODS)
        raise InvalidClientMetadata(f"token_endpoint_auth_method is none of {known}.")
    return store_client(
        kind=Client.Kind.DYNAMIC,
        name=clean_name(given.get("client_name", "")),
        redirect_uris=_redirect_uris_in(given),
        auth_method=method,
        created_at=now,
        created_from=address,
    )


@sensitive_variables()
def store_client(*, auth_method: str, **fields: Any) -> Registration:
    """Store a client under a random id, with a fresh secret unless it is public."""
    is_public = auth_method == Client.AuthMethod.NONE
    secret = "" if is_public else mint_secret(Prefix.CLIENT_SECRET)
    client = Client.objects.create(
        client_id=secrets.token_hex(16),
        auth_method=auth_method,
        secret_digest=None if is_public else digest_secret(secret),
        **fields,
    )
    return Registration(client=client, secret=secret)


@sensitive_variables()
def description_of(registration: Registration) -> dict[str, Any]:
    """Return the answer of section 3.2.1: what was granted, whatever was asked."""
    client, secret = registration.client, registration.secret
    return {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created_at.timestamp()),
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": client.auth_method,
        "scope": scope_text("delete"),
        # 0: it never expires (RFC 7591 section 3.2.1).
        **({"client_secret": secret, "client_secret_expires_at": 0} if secret else {}),
    }


def _require_types(given: dict[str, Any]) -> None:
    for name in sorted(given.keys() & _TEXTS):
        if not isinstance(given[name], str):
            raise InvalidClientMetadata(f"{name} must be a string.")
    for name in sorted(given.keys() & _LISTS):
        items = given[name]
        if not (isinstance(items, list) and all(isinstance(i, str) for i in items)):
            raise InvalidClientMetadata(f"{name} must be a list of strings.")
    if not isinstance(given.get("jwks", {}), dict):
        raise InvalidClientMetadata("jwks must be an object.")


def _redirect_uris_in(given: dict[str, Any]) -> list[str]:
    """Return the redirect URIs, each once, in the given order."""
    uris: list[str] = list(dict.fromkeys(given.get("redirect_uris", [])))
    if not 1 <= len(uris) <= MAX_REDIRECT_URIS:
        raise InvalidRedirectURI(
            f"redirect_uris must hold 1 to {MAX_REDIRECT_URIS} URIs."
        )
    for number, uri in enumerate(uris, start=1):
        fault = fault_of(uri)
        if fault:
            raise InvalidRedirectURI(f"Redirect URI number {number} {fault}.")
    return uris
