"""The Authorization header holds one token, or none, or is malformed."""

from __future__ import annotations

import pytest

from agent_connector.mcp.bearer import MalformedHeader, token_of


@pytest.mark.spec("RFC 6750", "2.1")
@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("BEARER   abc", "abc"),
        ("Bearer a-b._~+/c==", "a-b._~+/c=="),
        ("Bearer " + "a" * 8192, "a" * 8192),
    ],
)
def test_a_token_is_read(header: str, token: str) -> None:
    assert token_of(header) == token


@pytest.mark.parametrize(
    "header", ["", "Basic YTpi", "Token abc", "BearerX abc", "abc"]
)
def test_another_scheme_is_no_token(header: str) -> None:
    assert token_of(header) is None


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer a,Bearer b",
        "Bearer a, b",
        "Bearer\tabc",
        "Bearer a\tb",
        "Bearer a\n",
        "Bearer ä",
        "Bearer \xff",
        'Bearer "abc"',
        "Bearer =abc",
    ],
)
def test_what_is_not_one_token_is_malformed(header: str) -> None:
    with pytest.raises(MalformedHeader):
        token_of(header)
