"""Attacks 1 to 4: what clients find before they know anything."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.authorization import REGISTER, REVOKE, TOKEN, answer_in, authorize_url
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db

SERVER = "/.well-known/oauth-authorization-server"
RESOURCE = "/.well-known/oauth-protected-resource"
RESOURCE_MCP = "/.well-known/oauth-protected-resource/mcp"
DOCUMENTS = [SERVER, RESOURCE, RESOURCE_MCP]


@pytest.mark.spec("attacks", "1")
@pytest.mark.parametrize("address", DOCUMENTS)
def test_a_forged_host_changes_nothing(client: Browser, address: str) -> None:
    honest = client.get(address).json()

    forged = client.get(
        address,
        headers={"host": "localhost", "x-forwarded-host": "evil.example"},
        secure=True,
    )

    assert forged.json() == honest
    assert "evil" not in forged.content.decode()


@pytest.mark.spec("attacks", "2")
def test_the_issuer_is_the_same_bytes_everywhere(
    client: Browser, settings: Any
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "SITE_URL": "https://Admin.example/",
    }
    server = client.get(SERVER).json()
    resource = client.get(RESOURCE_MCP).json()
    client.force_login(make_user())
    error = answer_in(client.get(authorize_url(make_client(), scope="nonsense")))

    assert server["issuer"] == "https://Admin.example"
    assert resource["authorization_servers"] == [server["issuer"]]
    assert error["iss"] == server["issuer"]
    assert resource["resource"] == server["issuer"] + "/mcp"


@pytest.mark.spec("attacks", "3")
def test_the_endpoints_that_are_named_exist(client: Browser) -> None:
    server = client.get(SERVER).json()

    for name, route in {
        "authorization_endpoint": "oauth-authorize",
        "token_endpoint": "oauth-token",
        "registration_endpoint": "oauth-register",
        "revocation_endpoint": "oauth-revoke",
    }.items():
        assert server[name] == server["issuer"] + reverse(f"agent_connector:{route}")


@pytest.mark.spec("attacks", "4")
@pytest.mark.parametrize("address", DOCUMENTS)
def test_a_document_is_read_and_never_written(client: Browser, address: str) -> None:
    assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"
    assert client.head(address).status_code == 200
    assert client.head(address).content == b""
    assert client.options(address).status_code == 204
    assert client.post(address).status_code == 405
    assert client.put(address).json()["error"] == "invalid_request"


@pytest.mark.parametrize("address", [*DOCUMENTS, TOKEN, REGISTER, REVOKE])
def test_a_page_of_another_site_may_call_but_never_with_cookies(
    client: Browser, address: str
) -> None:
    response = client.options(
        address,
        headers={
            "origin": "https://inspector.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "mcp-protocol-version",
        },
    )

    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert not response.cookies


@pytest.mark.parametrize(
    "address",
    [
        f"{SERVER}/mcp",
        f"{SERVER}/",
        f"{RESOURCE}/other",
        "/.well-known/openid-configuration",
        "/mcp/.well-known/openid-configuration",
        f"{TOKEN}/",
        "/mcp/oauth/authorize/",
    ],
)
def test_no_other_address_answers(client: Browser, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_a_site_without_its_url_answers_503_everywhere(
    client: Browser, settings: Any
) -> None:
    settings.AGENT_CONNECTOR = {}

    for address in DOCUMENTS:
        response = client.get(address)
        assert response.status_code == 503
        assert response.json()["error"] == "temporarily_unavailable"
        assert response.headers["Cache-Control"] == "no-store"
    page = client.get(authorize_url(make_client()))
    assert page.status_code == 503
    assert "SITE_URL" in page.content.decode()


def test_machines_are_never_sent_to_a_login(client: Browser, settings: Any) -> None:
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]

    assert client.get(SERVER).status_code == 200
    assert client.get(RESOURCE).status_code == 200
    assert client.get(TOKEN).status_code == 405
    assert client.get(REGISTER).status_code == 405
    assert client.get(REVOKE).status_code == 405
