"""The two documents by which clients find us."""

from __future__ import annotations

import pytest

from agent_connector.oauth.metadata import (
    authorization_server_document,
    protected_resource_document,
)

ISSUER = "https://example.com"

METHODS = ["none", "client_secret_basic", "client_secret_post"]


@pytest.mark.spec("RFC 8414", "2")
def test_the_server_says_what_it_does_and_nothing_more() -> None:
    document = authorization_server_document(ISSUER, registration=True, documents=False)

    assert document == {
        "issuer": "https://example.com",
        "authorization_endpoint": "https://example.com/mcp/oauth/authorize",
        "token_endpoint": "https://example.com/mcp/oauth/token",
        "revocation_endpoint": "https://example.com/mcp/oauth/revoke",
        "registration_endpoint": "https://example.com/mcp/oauth/register",
        "scopes_supported": ["read", "write", "delete"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def test_a_registration_that_is_switched_off_is_not_advertised() -> None:
    document = authorization_server_document(
        ISSUER, registration=False, documents=False
    )

    assert "registration_endpoint" not in document


def test_client_documents_are_advertised_where_they_are_read() -> None:
    document = authorization_server_document(ISSUER, registration=True, documents=True)

    assert document["client_id_metadata_document_supported"] is True


@pytest.mark.spec("RFC 9728", "2")
def test_the_resource_names_its_one_server() -> None:
    document = protected_resource_document(resource=ISSUER + "/mcp", issuer=ISSUER)

    assert document["resource"] == "https://example.com/mcp"
    assert document["authorization_servers"] == [ISSUER]
    assert document["bearer_methods_supported"] == ["header"]
    assert document["resource_name"] == "AI Agent Connector"
    assert "offline_access" not in document["scopes_supported"]
