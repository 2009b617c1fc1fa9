"""Attacks 1 to 4: what the discovery documents say, and to whom."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.http.person import Person
from tests.http.sending import send
from tests.http.server import Site
from tests.http.wire import Registered

SERVER = "/.well-known/oauth-authorization-server"
RESOURCE = "/.well-known/oauth-protected-resource/mcp"
DOCUMENTS = (SERVER, RESOURCE, "/.well-known/oauth-protected-resource")


def _document(site: Site, path: str, **headers: str) -> dict[str, Any]:
    answer = send("GET", f"{site.url}{path}", headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:443"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"X-Original-URL": "/evil"},
        {"Host": "127.0.0.1.evil.example", "X-Forwarded-Port": "1"},
    ],
    ids=str,
)
def test_01_a_forged_host_changes_no_address(
    site: Site, path: str, headers: dict[str, str]
) -> None:
    assert _document(site, path, **headers) == _document(site, path)


def test_01_a_forged_host_changes_no_challenge(site: Site) -> None:
    answer = send("POST", site.mcp_url, headers={"Host": "evil.example"})

    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert (
        f'resource_metadata="{site.metadata_url}"'
        in (answer.headers["WWW-Authenticate"])
    )


def test_02_the_issuer_is_the_same_bytes_everywhere(
    site: Site, client: Registered, editor: Person
) -> None:
    told = editor.authorize(client.authorize_url(), level="read")
    site.secrets.append(told["code"])

    assert _document(site, SERVER)["issuer"] == site.url
    assert _document(site, RESOURCE)["authorization_servers"] == [site.url]
    assert told["iss"] == site.url


def test_03_only_s256_is_spoken_and_public_clients_are_welcome(site: Site) -> None:
    document = _document(site, SERVER)

    assert document["code_challenge_methods_supported"] == ["S256"]
    assert "none" in document["token_endpoint_auth_methods_supported"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["response_types_supported"] == ["code"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_04_a_document_is_the_same_for_everybody(
    site: Site, editor: Person, path: str
) -> None:
    signed_in = editor.browser.get(path)

    assert signed_in.json() == _document(site, path)
    assert "Set-Cookie" not in signed_in.headers
    assert "private" not in signed_in.headers["Cache-Control"]
    assert "Cookie" not in signed_in.headers.get("Vary", "")


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_04_a_document_is_read_only(site: Site, path: str, method: str) -> None:
    answer = send(method, f"{site.url}{path}")

    assert answer.status_code == httpx.codes.METHOD_NOT_ALLOWED
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_04_any_page_may_read_it_but_never_with_cookies(site: Site, path: str) -> None:
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "GET",
    }

    for method in ("OPTIONS", "GET"):
        answer = send(method, f"{site.url}{path}", headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
