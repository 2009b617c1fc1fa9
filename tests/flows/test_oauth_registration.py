"""Attacks 5 to 13: a client that nobody knows describes itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from agent_connector.models import Client, Throttle
from tests.authorization import FORM, REGISTER, authorize_url
from tests.factories import NOON, REDIRECT_URI, make_user

pytestmark = pytest.mark.django_db

CLAUDE_CODE = {
    "client_name": "Claude Code (shop)",
    "redirect_uris": ["http://localhost:3118/callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
}
PYTHON_SDK = {
    "client_name": "MCP client",
    "redirect_uris": [REDIRECT_URI],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "client_secret_post",
    "scope": "read write delete",
}
VS_CODE = {
    "client_name": "Visual Studio Code",
    "client_uri": "https://code.visualstudio.com",
    "redirect_uris": ["https://vscode.dev/redirect", "http://127.0.0.1:33418/"],
    "token_endpoint_auth_method": "none",
    "application_type": "native",
}


def register(
    program: Browser, body: Any, content_type: str = "application/json"
) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return program.post(REGISTER, raw, content_type=content_type)


@pytest.mark.spec("RFC 7591", "3.2.1")
@pytest.mark.parametrize("metadata", [CLAUDE_CODE, PYTHON_SDK, VS_CODE])
def test_real_clients_register(client: Browser, metadata: dict[str, Any]) -> None:
    response = register(client, metadata)

    answer = response.json()
    assert response.status_code == 201
    method = metadata["token_endpoint_auth_method"]
    assert answer["token_endpoint_auth_method"] == method
    assert ("client_secret" in answer) is (method != "none")
    assert answer["redirect_uris"] == metadata["redirect_uris"]
    assert Client.objects.get().client_id == answer["client_id"]


@pytest.mark.spec("attacks", "13")
def test_the_answer_is_not_stored_and_sets_no_cookie(client: Browser) -> None:
    response = register(client, CLAUDE_CODE)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pragma"] == "no-cache"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


@pytest.mark.spec("attacks", "5 and 6")
@pytest.mark.parametrize(
    "uris",
    [
        ["javascript:alert(1)"],
        ["http://evil.example/"],
        ["https://example.com/#x"],
        ["https://a:b@example.com/"],
        ["https://example.com/\u0000"],
        ["https://example.com/" + "a" * 2000],
        [],
        ["https://example.com/"] * 5 + [f"https://example.com/{n}" for n in range(11)],
    ],
)
def test_a_bad_redirect_uri_is_refused(client: Browser, uris: list[str]) -> None:
    response = register(client, {"redirect_uris": uris})

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_redirect_uri"
    assert not Client.objects.exists()


@pytest.mark.spec("attacks", "7")
@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"not json",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"redirect_uris": ["https://a.example/"], "client_name": "\xff"}',
        b'{"redirect_uris": [], "redirect_uris": ["https://a.example/"]}',
        b'{"a":' * 2500 + b"1" + b"}" * 2500,
        b"[" * 16000,
        b'{"redirect_uris": ' + b"[" * 900 + b"]" * 900 + b"}",
        {"redirect_uris": [1]},
        {"redirect_uris": ["https://a.example/"], "scope": 7},
        {"redirect_uris": ["https://a.example/"], "client_name": {"$ne": 1}},
    ],
)
def test_what_cannot_be_read_is_refused(client: Browser, body: Any) -> None:
    response = register(client, body)

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_client_metadata"
    assert not Client.objects.exists()


@pytest.mark.spec("attacks", "8")
def test_a_large_body_is_refused(client: Browser) -> None:
    response = register(client, {**CLAUDE_CODE, "client_name": "x" * 17_000})

    assert response.status_code == 413
    assert response.json()["error"] == "invalid_request"


@pytest.mark.parametrize("content_type", [FORM, "text/plain", "multipart/form-data"])
def test_another_content_type_is_refused(client: Browser, content_type: str) -> None:
    response = register(client, CLAUDE_CODE, content_type)

    assert response.status_code == 415
    assert "application/json" in response.json()["error_description"]


@pytest.mark.spec("attacks", "9")
def test_an_unknown_method_of_authentication_is_refused(client: Browser) -> None:
    metadata = {**CLAUDE_CODE, "token_endpoint_auth_method": "private_key_jwt"}

    response = register(client, metadata)

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_client_metadata"


@pytest.mark.spec("attacks", "10")
def test_a_name_is_cleaned_escaped_and_marked_as_unverified(client: Browser) -> None:
    name = "\u202e<script>alert(1)</script>\u0007Claude"
    answer = register(client, {**CLAUDE_CODE, "client_name": name}).json()
    client.force_login(make_user())
    known = Client.objects.get()

    page = client.get(
        authorize_url(known, redirect_uri="http://localhost:9/callback")
    ).content.decode()

    assert answer["client_name"] == "<script>alert(1)</script> Claude"
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "Name not verified" in page
    assert "\u202e" not in page


def test_lone_surrogates_in_a_name_are_no_error(client: Browser) -> None:
    body = json.dumps(CLAUDE_CODE).replace("Claude", "\\ud800 Claude").encode()

    assert register(client, body).json()["client_name"] == "Claude Code (shop)"


def test_registration_can_be_switched_off(client: Browser, settings: Any) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "DYNAMIC_CLIENT_REGISTRATION": False,
    }

    response = register(client, CLAUDE_CODE)

    assert response.status_code == 403
    assert "administrator" in response.json()["error_description"]
    assert not Client.objects.exists()


@pytest.mark.spec("attacks", "11")
@time_machine.travel(NOON, tick=False)
def test_a_flood_is_stopped_for_its_address_alone(client: Browser) -> None:
    answers = [register(client, CLAUDE_CODE).status_code for _ in range(61)]
    stopped = register(client, CLAUDE_CODE)
    elsewhere = Browser(REMOTE_ADDR="192.0.2.8")

    assert answers.count(201) == 60
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 60
    assert stopped.json()["error"] == "temporarily_unavailable"
    assert register(elsewhere, CLAUDE_CODE).status_code == 201


@pytest.mark.spec("L8")
@time_machine.travel(NOON, tick=False)
def test_a_thousand_forwarded_addresses_are_one_sender(client: Browser) -> None:
    names = ("x-forwarded-for", "x-real-ip", "forwarded")

    answers = [
        client.post(
            REGISTER,
            json.dumps(CLAUDE_CODE),
            content_type="application/json",
            headers=dict.fromkeys(names, f"198.51.{n // 250}.{n % 250}"),
        ).status_code
        for n in range(1000)
    ]

    assert answers.count(201) <= 63
    assert Throttle.objects.count() <= 2
