"""Answer who may not pass: 401 and 403 with a challenge (RFC 6750, RFC 9728)."""

from __future__ import annotations

import unicodedata
from http import HTTPStatus

from django.http import JsonResponse

from agent_connector.policy.scopes import ALL_SCOPES, scope_text
from agent_connector.policy.site import MCP_PATH

_METADATA_PATH = "/.well-known/oauth-protected-resource"
_MAX_DESCRIPTION_CHARACTERS = 200


def token_missing(site: str) -> JsonResponse:
    """Answer a request without a token: where to get one, and no error code.

    RFC 6750 section 3.1: a client that sent nothing did nothing wrong.
    """
    return _answer(
        site, HTTPStatus.UNAUTHORIZED, scope=scope_text(ALL_SCOPES[-1]), body={}
    )


def token_refused(site: str, sentence: str) -> JsonResponse:
    """Answer a token that does not count, with the reason for the client's person."""
    return _answer(
        site,
        HTTPStatus.UNAUTHORIZED,
        body={"error": "invalid_token", "error_description": sentence},
    )


def header_malformed(site: str) -> JsonResponse:
    """Answer an Authorization header that cannot be read (RFC 6750 section 3.1)."""
    return _answer(
        site,
        HTTPStatus.BAD_REQUEST,
        body={
            "error": "invalid_request",
            "error_description": "Send one Authorization header with one token.",
        },
    )


def scope_missing(site: str, *, needs: str, sentence: str) -> JsonResponse:
    """Answer a call beyond the connection's level, naming all scopes it takes."""
    return _answer(
        site,
        HTTPStatus.FORBIDDEN,
        scope=scope_text(needs),
        body={"error": "insufficient_scope", "error_description": sentence},
    )


def ascii_text(text: str) -> str:
    """Return `text` as an `error_description` may hold it: no quotes, ASCII only.

    RFC 6750 section 3 allows %x20-21, %x23-5B and %x5D-7E.
    """
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    allowed = (one if " " <= one <= "~" and one not in '"\\' else "?" for one in kept)
    return "".join(allowed)[:_MAX_DESCRIPTION_CHARACTERS]


def _answer(
    site: str, status: HTTPStatus, *, body: dict[str, str], scope: str = ""
) -> JsonResponse:
    told = {name: ascii_text(value) for name, value in body.items()}
    parameters = {
        **told,
        **({"scope": scope} if scope else {}),
        "resource_metadata": f"{site}{_METADATA_PATH}{MCP_PATH}",
    }
    pairs = ", ".join(f'{name}="{value}"' for name, value in parameters.items())
    told = told or {"error_description": "Send an access token of this site."}
    return JsonResponse(
        told, status=status, headers={"WWW-Authenticate": f"Bearer {pairs}"}
    )
