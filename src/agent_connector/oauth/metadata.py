"""The two documents by which clients find us (RFC 8414, RFC 9728)."""

from __future__ import annotations

from typing import Any

from agent_connector.oauth.pkce import METHOD
from agent_connector.policy.scopes import ALL_SCOPES

AUTHORIZE_PATH = "/mcp/oauth/authorize"
TOKEN_PATH = "/mcp/oauth/token"  # noqa: S105  # a path, not a secret
REGISTER_PATH = "/mcp/oauth/register"
REVOKE_PATH = "/mcp/oauth/revoke"
AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]


def authorization_server_document(
    issuer: str, *, registration: bool, documents: bool
) -> dict[str, Any]:
    """Return the authorization server's metadata (RFC 8414 section 2).

    `issuer` has no final slash; clients compare it byte by byte with the `iss` of
    each redirect (RFC 9207) and with the protected resource's document.
    `registration` says whether unknown clients may register, `documents` whether an
    https URL may be a client id (draft-ietf-oauth-client-id-metadata-document).
    """
    document = {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE_PATH,
        "token_endpoint": issuer + TOKEN_PATH,
        "revocation_endpoint": issuer + REVOKE_PATH,
        "scopes_supported": list(ALL_SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "code_challenge_methods_supported": [METHOD],
        "authorization_response_iss_parameter_supported": True,
    }
    if registration:
        document["registration_endpoint"] = issuer + REGISTER_PATH
    if documents:
        document["client_id_metadata_document_supported"] = True
    return document


def protected_resource_document(*, resource: str, issuer: str) -> dict[str, Any]:
    """Return the MCP endpoint's metadata (RFC 9728 section 2)."""
    return {
        "resource": resource,
        "authorization_servers": [issuer],
        "scopes_supported": list(ALL_SCOPES),
        "bearer_methods_supported": ["header"],
        "resource_name": "AI Agent Connector",
    }
