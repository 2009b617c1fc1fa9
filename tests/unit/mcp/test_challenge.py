"""A challenge says what is wrong, what is needed, and where to get it."""

from __future__ import annotations

import json

import pytest

from agent_connector.mcp.challenge import (
    ascii_text,
    header_malformed,
    scope_missing,
    token_missing,
    token_refused,
)

SITE = "https://example.com"
METADATA = (
    'resource_metadata="https://example.com/.well-known/oauth-protected-resource/mcp"'
)


@pytest.mark.spec("RFC 9728", "5.1")
def test_without_a_token_the_way_to_one_is_shown_and_no_error() -> None:
    response = token_missing(SITE)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == (
        f'Bearer scope="read write delete", {METADATA}'
    )
    assert "error" not in json.loads(response.content)


@pytest.mark.spec("RFC 6750", "3.1")
def test_a_refused_token_is_told_why() -> None:
    response = token_refused(SITE, "Revoked by jane at 2026-03-02 12:00 UTC.")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == (
        'Bearer error="invalid_token",'
        ' error_description="Revoked by jane at 2026-03-02 12:00 UTC.",'
        f" {METADATA}"
    )


def test_a_header_that_cannot_be_read_is_a_bad_request() -> None:
    response = header_malformed(SITE)

    assert response.status_code == 400
    assert 'error="invalid_request"' in response.headers["WWW-Authenticate"]


@pytest.mark.spec("RFC 6750", "3.1")
def test_a_missing_scope_names_all_that_are_needed() -> None:
    response = scope_missing(SITE, needs="write", sentence="Needs write.")

    assert response.status_code == 403
    challenge = response.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="read write"' in challenge
    assert METADATA in challenge


@pytest.mark.spec("RFC 6750", "3")
@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Revoked by Zoë.", "Revoked by Zoe."),
        ('a"b\\c', "a?b?c"),
        ("a\r\nSet-Cookie: x", "a??Set-Cookie: x"),
        ("日本", "??"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_description_is_ascii_and_ends_no_quote(text: str, safe: str) -> None:
    assert ascii_text(text) == safe
