"""Only our own pages, and those of listed origins, may call."""

from __future__ import annotations

import pytest

from agent_connector.mcp.origin import cors_headers, may_call, origin_of

LISTED = ("https://inspector.example",)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://example.com", True),
        ("https://inspector.example", True),
        ("http://example.com", False),
        ("https://example.com:8443", False),
        ("https://example.com.evil.example", False),
        ("https://evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_an_origin_is_ours_or_listed_or_foreign(origin: str, *, allowed: bool) -> None:
    assert may_call(origin, site="https://example.com", allowed=LISTED) is allowed


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Example.com:443", "https://example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://example.com:80", "http://example.com"),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_an_allowed_page_may_read_the_challenge_and_sends_no_cookies() -> None:
    headers = cors_headers("https://inspector.example")

    assert headers["Access-Control-Allow-Origin"] == "https://inspector.example"
    assert "WWW-Authenticate" in headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in headers
