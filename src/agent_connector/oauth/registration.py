"""Register a client that describes itself (RFC 7591), always as a public one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agent_connector.audit.record import record_event
from agent_connector.models import Client, Event
from agent_connector.oauth.client_name import clean_name
from agent_connector.oauth.errors import InvalidClientMetadata, InvalidRedirectURI
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
_SECRET_METHODS = frozenset({"client_secret_basic", "client_secret_post"})
"""Answered with `none` (section 3.2.1 lets a server replace what was asked): older
releases of the official SDKs ask for a secret by default and work without one."""


@transaction.atomic
def register_client(
    metadata: dict[str, Any], *, now: datetime, address: str | None
) -> Client:
    """Store a new client under a random id; what we do not know is ignored.

    Nothing named in the metadata (logo, keys, statement) is ever fetched.

    Raises:
        InvalidClientMetadata: a member has a wrong type or an unknown method.
        InvalidRedirectURI: a redirect URI is missing, too many or not allowed.
    """
    given = {name: value for name, value in metadata.items() if value is not None}
    _require_types(given)
    _require_method(given.get("token_endpoint_auth_method", "none"))
    client = Client.objects.create(
        client_id=secrets.token_hex(16),
        kind=Client.Kind.DYNAMIC,
        name=clean_name(given.get("client_name", "")),
        redirect_uris=_redirect_uris_in(given),
        auth_method=Client.AuthMethod.NONE,
        created_at=now,
        created_from=address,
    )
    record_event(
        Event.Kind.CLIENT_REGISTERED, now=now, address=address, detail=client.name
    )
    return client


def description_of(client: Client) -> dict[str, Any]:
    """Return the answer of section 3.2.1: what was granted, whatever was asked."""
    return {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created_at.timestamp()),
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": scope_text("delete"),
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


def _require_method(method: str) -> None:
    if method != "none" and method not in _SECRET_METHODS:
        raise InvalidClientMetadata(
            "token_endpoint_auth_method must be none: clients have no secret here."
        )


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
