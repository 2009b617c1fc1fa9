"""What a client says of itself, judged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent_connector.oauth.document import ClientDocument, parse_document
from agent_connector.oauth.errors import InvalidClientMetadata
from tests.document_host import URL, document

TWO = ["none", "private_key_jwt"]


def parse(**changes: Any) -> ClientDocument:
    return parse_document(json.dumps(document(**changes)).encode(), url=URL)


def test_a_sound_document_gives_a_name_and_redirect_uris() -> None:
    assert parse(logo_uri="https://evil.example/x.png", jwks={}, more=[1]) == (
        ClientDocument(
            name="Claude Code",
            redirect_uris=[
                "http://127.0.0.1:33418/callback",
                "http://localhost/callback",
            ],
        )
    )


@pytest.mark.spec("attacks", "19")
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": URL + "/"},
        {"client_id": URL.upper()},
        {"client_id": URL.replace("https", "http")},
        {"client_id": [URL]},
        {"client_secret": "x"},
        {"client_secret": ""},
        {"client_secret_expires_at": 0},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_method": ["private_key_jwt"]},
        {"token_endpoint_auth_method": {"none": 1}},
        {"token_endpoint_auth_method": 1},
        {"client_name": None},
        {"client_name": " "},
        {"client_name": 7},
        {"redirect_uris": None},
        {"redirect_uris": []},
        {"redirect_uris": "https://client.example/cb"},
        {"redirect_uris": {"https://client.example/cb": 1}},
        {"redirect_uris": ["https://client.example/cb", 1]},
        {"redirect_uris": ["javascript:alert(1)", "http://client.example/cb"]},
    ],
)
def test_what_does_not_hold_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidClientMetadata):
        parse(**changes)


@pytest.mark.spec("attacks", "19")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"<html>",
        b"\xff\xfe{}",
        b"[" * 5000,
        json.dumps([document()]).encode(),
        json.dumps(document()).replace("{", '{"client_id": "x", ', 1).encode(),
        json.dumps(document()).encode("utf-16"),
    ],
)
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidClientMetadata):
        parse_document(body, url=URL)


@pytest.mark.parametrize(
    "changes",
    [
        {"token_endpoint_auth_method": None},
        {"token_endpoint_auth_method": TWO},
        {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_methods_supported": TWO,
        },
    ],
)
def test_who_offers_to_be_public_is_taken_at_that(changes: dict[str, Any]) -> None:
    assert parse(**changes).name == "Claude Code"


def test_the_name_is_cleaned() -> None:
    assert parse(client_name=" Claude\u202e  Co\u200bde\n<b>").name == "Claude Code <b>"


def test_a_redirect_uri_that_may_not_be_used_is_left_out_and_each_counts_once() -> None:
    good = ["https://client.example/cb", "cursor://anysphere.retrieval/cb"]

    document = parse(
        redirect_uris=[good[0], "javascript:x", *good, "http://c.example/"]
    )

    assert document.redirect_uris == good
