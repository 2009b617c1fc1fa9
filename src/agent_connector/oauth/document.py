"""Read a client ID metadata document: what a client says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agent_connector.oauth.client_name import clean_name
from agent_connector.oauth.errors import InvalidClientMetadata
from agent_connector.oauth.form import parse_json_object
from agent_connector.oauth.redirects import fault_of

_SECRETS = frozenset({"client_secret", "client_secret_expires_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDocument:
    """A sound document of a public client."""

    name: str
    redirect_uris: list[str]
    """Those that may be used here, at least one."""


def parse_document(body: bytes, *, url: str) -> ClientDocument:
    """Judge the document that was found at `url`; what we do not know is ignored.

    A redirect URI that we would not send anybody to is left out instead of refused:
    one document speaks to all servers of the world. Nothing it names is fetched.

    Raises:
        InvalidClientMetadata: it is of somebody else, is not a public client's, has a
            secret, or lacks a name or a usable redirect URI
            (draft-ietf-oauth-client-id-metadata-document section 4).
    """
    given = parse_json_object(body)
    name, uris = given.get("client_name"), given.get("redirect_uris")
    if given.get("client_id") != url:
        raise InvalidClientMetadata("client_id is not the address of the document.")
    if given.keys() & _SECRETS:
        raise InvalidClientMetadata("A document is public and must hold no secret.")
    if not _is_of_public_client(given):
        raise InvalidClientMetadata("token_endpoint_auth_method must be none.")
    if not isinstance(name, str) or not name.strip():
        raise InvalidClientMetadata("client_name is missing.")
    if not (isinstance(uris, list) and all(isinstance(uri, str) for uri in uris)):
        raise InvalidClientMetadata("redirect_uris must be a list of strings.")
    sound = [uri for uri in dict.fromkeys(uris) if not fault_of(uri)]
    if not sound:
        raise InvalidClientMetadata("redirect_uris holds none that can be used.")
    return ClientDocument(name=clean_name(name), redirect_uris=sound)


def _is_of_public_client(given: dict[str, Any]) -> bool:
    """Say whether `none` is the client's method, or one of those it offers."""
    for name in ("token_endpoint_auth_method", "token_endpoint_auth_methods_supported"):
        value = given.get(name, "none" if name.endswith("method") else [])
        if "none" in (value if isinstance(value, list) else [value]):
            return True
    return False
