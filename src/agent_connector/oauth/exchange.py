"""Exchange a code or a refresh token for a pair (RFC 6749 sections 4.1.3 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.issue import (
    TokenPair,
    burn_code,
    find_code,
    redeem_code,
)
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.rotate import rotate_refresh_token
from agent_connector.oauth.errors import (
    InvalidGrant,
    InvalidScope,
    OAuthError,
    UnsupportedGrantType,
)
from agent_connector.oauth.pkce import proves
from agent_connector.oauth.request import canonical_resource, level_in

if TYPE_CHECKING:
    from datetime import datetime

    from agent_connector.models import AuthorizationCode, Client
    from agent_connector.oauth.form import Form

KNOWN = frozenset(
    {
        *("grant_type", "client_id", "client_secret", "client_assertion", "code"),
        *("redirect_uri", "code_verifier", "refresh_token", "scope", "resource"),
    }
)
GRANT_TYPES = frozenset({"authorization_code", "refresh_token"})

_UNKNOWN_CODE = "The authorization code is unknown."


def require_grant_type(form: Form) -> str:
    """Return the grant type before anything else is looked at.

    Raises:
        InvalidRequest: there is none.
        UnsupportedGrantType: it is not one of ours.
    """
    grant_type = form.require("grant_type")
    if grant_type not in GRANT_TYPES:
        raise UnsupportedGrantType(f"Known are: {', '.join(sorted(GRANT_TYPES))}.")
    return grant_type


@sensitive_variables()
def exchange(
    form: Form, *, client: Client, resource: str, now: datetime, address: str | None
) -> TokenPair:
    """Return the tokens for what the form presents; `resource` is our MCP endpoint.

    No transaction is open here: what `connections` ended because of a replay is
    committed before the refusal is raised.

    Raises:
        OAuthError: any refusal.
    """
    if require_grant_type(form) == "authorization_code":
        code = _proved_code(form, client=client, now=now)
        answer = redeem_code(code, now=now, address=address)
    else:
        text, level = _refresh_in(form, resource=resource)
        answer = rotate_refresh_token(
            text, client=client, level=level, now=now, address=address
        )
    if isinstance(answer, Refusal):
        raise _error_of(answer)
    return answer


def description_of(pair: TokenPair) -> dict[str, Any]:
    """Return the answer of RFC 6749 section 5.1."""
    return {
        "access_token": pair.access,
        "token_type": "Bearer",
        "expires_in": max(0, int(pair.expires_in.total_seconds())),
        "refresh_token": pair.refresh,
        "scope": pair.scope,
    }


@sensitive_variables()
def _proved_code(form: Form, *, client: Client, now: datetime) -> AuthorizationCode:
    """Judge a code; whoever cannot prove that it is theirs has burned it."""
    text, redirect_uri = form.require("code"), form.require("redirect_uri")
    verifier = form.require("code_verifier")
    code = find_code(text)
    if code is None or code.connection.client_id != client.pk:
        raise InvalidGrant(_UNKNOWN_CODE)  # a foreign code is as good as unknown
    if code.redirect_uri != redirect_uri:
        raise InvalidGrant("redirect_uri is not the one of the authorization request.")
    canonical_resource(form.get("resource"), ours=code.connection.resource)
    if not proves(verifier, challenge=code.challenge):
        burn_code(code, now=now)
        raise InvalidGrant("code_verifier does not fit the authorization request.")
    return code


@sensitive_variables()
def _refresh_in(form: Form, *, resource: str) -> tuple[str, str]:
    """Return the refresh token that is presented, and the level that is asked for."""
    text = form.require("refresh_token")
    canonical_resource(form.get("resource"), ours=resource)
    return text, level_in(form) or ""


def _error_of(refusal: Refusal) -> OAuthError:
    match refusal.problem:
        case Problem.TOO_WIDE:
            return InvalidScope(refusal.sentence)
        case _:
            return InvalidGrant(refusal.sentence)
