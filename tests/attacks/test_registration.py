"""Attacks 5 to 13: programs that register themselves, and what they try with it."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
import pytest

from tests.attacks.answers import (
    FORM,
    JSON,
    METADATA,
    assert_error,
    assert_nobody_called,
    post_raw,
)
from tests.factories import REDIRECT_URI
from tests.http.hand import count, run_sql
from tests.http.person import Person, text_of
from tests.http.sending import send
from tests.http.server import Site
from tests.http.wire import register

DEEP = b"[" * 15_000
SOUND = {"redirect_uris": [REDIRECT_URI], "token_endpoint_auth_method": "none"}


def _register(site: Site, **members: Any) -> httpx.Response:
    # In ASCII, so that half a character can be sent at all.
    return post_raw(site, "register", json.dumps({**SOUND, **members}).encode(), JSON)


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://example.com/x",
        "about:blank",
        "http://example.com/cb",
        "http://127.0.0.1.example.com/cb",
        "http://localhost@example.com/cb",
        "https://example.com/#fragment",
        "https://example.com/#",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://example.com/\r\nLocation: x",
        "https://example.com/\x00",
        "https://example.com\\@evil.example/",
        "https:///cb",
        "https://",
        "/callback",
        "//example.com/callback",
        "callback",
        "",
        " https://example.com/",
        "https://example.com/" + "a" * 2000,
        "http://127.0.0.1/\ud800",
    ],
    ids=lambda uri: ascii(uri)[:50],
)
def test_05_an_address_that_could_do_harm_is_not_registered(
    site: Site, uri: str
) -> None:
    before = count(site, "client")

    assert_error(_register(site, redirect_uris=[uri]), 400, "invalid_redirect_uri")

    assert count(site, "client") == before


@pytest.mark.parametrize(
    "uris",
    [[], None, [f"https://example.com/{number}" for number in range(11)]],
    ids=["none", "null", "eleven"],
)
def test_06_none_or_more_than_ten_addresses_are_refused(site: Site, uris: Any) -> None:
    assert_error(_register(site, redirect_uris=uris), 400, "invalid_redirect_uri")


def test_06_ten_are_not_too_many(site: Site) -> None:
    uris = [f"https://example.com/{number}" for number in range(10)]

    assert _register(site, redirect_uris=uris).json()["redirect_uris"] == uris


@pytest.mark.parametrize(
    ("content", "headers", "status", "error"),
    [
        pytest.param(b"client_name=x", JSON, 400, METADATA, id="no JSON"),
        pytest.param(b"", JSON, 400, METADATA, id="nothing"),
        pytest.param(b"[]", JSON, 400, METADATA, id="an array"),
        pytest.param(b"null", JSON, 400, METADATA, id="null"),
        pytest.param(b'{"redirect_uris": NaN}', JSON, 400, METADATA, id="NaN"),
        pytest.param(b'{"a": "\xff"}', JSON, 400, METADATA, id="invalid UTF-8"),
        pytest.param(b'{"a":' + DEEP, JSON, 400, METADATA, id="cut off and deep"),
        pytest.param(
            b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", JSON, 400, METADATA, id="deep"
        ),
        pytest.param(
            b'{"client_name":"a","client_name":"b"}', JSON, 400, METADATA, id="repeated"
        ),
        pytest.param(b"{}", FORM, 415, "invalid_request", id="wrong content type"),
        pytest.param(b"{}", {}, 415, "invalid_request", id="no content type"),
    ],
)
def test_07_what_cannot_be_read_is_refused(
    site: Site, content: bytes, headers: dict[str, str], status: int, error: str
) -> None:
    assert_error(post_raw(site, "register", content, headers), status, error)


@pytest.mark.parametrize(
    "members",
    [
        {"redirect_uris": REDIRECT_URI},
        {"redirect_uris": [1]},
        {"redirect_uris": [[REDIRECT_URI]]},
        {"redirect_uris": {"0": REDIRECT_URI}},
        {"client_name": 7},
        {"client_name": ["a"]},
        {"client_name": {"$ne": 1}},
        {"grant_types": "authorization_code"},
        {"response_types": {"code": True}},
        {"token_endpoint_auth_method": 0},
        {"token_endpoint_auth_method": ["none"]},
        {"scope": 7},
        {"contacts": "a@example.com"},
        {"jwks": []},
    ],
    ids=lambda members: ascii(members)[:60],
)
def test_07_a_member_of_a_wrong_type_is_refused(
    site: Site, members: dict[str, Any]
) -> None:
    assert_error(_register(site, **members), 400, METADATA)


def test_07_half_a_character_is_no_error_of_ours(site: Site) -> None:
    answer = _register(site, client_name="A\ud800B")

    assert answer.status_code == httpx.codes.CREATED
    assert answer.json()["client_name"] == "AB"


def test_08_a_body_over_the_limit_is_not_parsed(site: Site) -> None:
    content = b'{"a": "' + b"x" * 17_000 + b'"}'

    assert_error(post_raw(site, "register", content, JSON), 413, "invalid_request")


def test_08_nor_one_that_comes_in_pieces_without_a_length(site: Site) -> None:
    pieces = (b" " * 1000 for _ in range(40))

    answer = send(
        "POST", f"{site.url}/mcp/oauth/register", content=pieces, headers=JSON
    )

    assert answer.status_code in {400, 411, 413}, answer.text


@pytest.mark.parametrize("method", ["magic", "private_key_jwt", "tls_client_auth"])
def test_09_an_unknown_way_of_authentication_is_refused(
    site: Site, method: str
) -> None:
    answer = _register(site, token_endpoint_auth_method=method)

    assert_error(answer, 400, METADATA)


def test_09_the_answer_lists_only_what_is_granted(site: Site) -> None:
    answer = _register(
        site,
        grant_types=[
            "implicit",
            "password",
            "client_credentials",
            "authorization_code",
        ],
        response_types=["token", "id_token", "code"],
        scope="read admin everything",
    )

    assert answer.status_code == httpx.codes.CREATED
    assert answer.json()["grant_types"] == ["authorization_code", "refresh_token"]
    assert answer.json()["response_types"] == ["code"]
    assert answer.json()["scope"] == "read write delete"


@pytest.mark.parametrize(
    "method", ["none", "client_secret_basic", "client_secret_post"]
)
def test_09_a_known_way_is_granted_as_asked(site: Site, method: str) -> None:
    client = register(site, token_endpoint_auth_method=method)

    assert client.method == method
    assert bool(client.secret) is (method != "none")


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Claude Code", "Claude Code"),
        ("safe\u202egpj.exe\u2066", "safegpj.exe"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("one\ntwo\x00\x1b[31mthree", "one two [31mthree"),
        ("x" * 10_000, "x" * 200),
        ("\u202e\u200b", "Unnamed client"),
    ],
    ids=lambda text: ascii(text)[:30],
)
def test_10_a_name_is_cleaned_escaped_and_never_verified(
    site: Site, editor: Person, name: str, stored: str
) -> None:
    client = register(site, name)

    page, _ = editor.consent_page(client.authorize_url())

    assert count(site, "client", "client_id = ? AND name = ?", client.client_id, stored)
    assert "<script>alert(1)" not in page.text
    assert "Name not verified" in text_of(page.text)
    if len(stored) < 60:
        assert stored in text_of(page.text)


def test_12_no_address_in_the_metadata_is_fetched_or_linked(
    site: Site, editor: Person, listener: socket.socket
) -> None:
    place = f"http://127.0.0.1:{listener.getsockname()[1]}"
    names = ("logo_uri", "jwks_uri", "client_uri", "tos_uri", "policy_uri")

    client_id = _register(
        site,
        **{name: f"{place}/{name}" for name in names},
        software_statement="a.b.c",
        sector_identifier_uri=f"{place}/sector",
        initiate_login_uri=f"{place}/login",
    ).json()["client_id"]
    client = register(site)
    shown = editor.get(client.authorize_url().replace(client.client_id, client_id))

    assert shown.status_code == httpx.codes.OK
    assert place not in shown.text
    assert_nobody_called(listener)


def test_13_the_answer_is_not_stored_and_holds_no_secret_of_a_public_client(
    site: Site,
) -> None:
    answer = _register(site)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "client_secret" not in answer.json()


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_13_a_secret_is_shown_once_and_stored_nowhere(
    site: Site, admin: Person, method: str
) -> None:
    answer = _register(site, token_endpoint_auth_method=method)

    given = answer.json()
    secret = given["client_secret"]
    site.secrets.append(secret)
    assert given["client_secret_expires_at"] == 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert secret not in _register(site, client_id=given["client_id"]).text
    for address in ("", f"{_pk_of(site, given['client_id'])}/"):
        page = admin.get(f"/admin/agent_connector/client/{address}")
        assert page.status_code == httpx.codes.OK
        assert secret not in page.text
    assert site.kept_secrets() == []


def _pk_of(site: Site, client_id: str) -> int:
    query = "SELECT id FROM agent_connector_client WHERE client_id = ?"
    [[pk]] = run_sql(site, query, client_id)
    return int(pk)
