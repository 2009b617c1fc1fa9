"""A body is one JSON object that every reader reads alike, or it is refused."""

from __future__ import annotations

import json

import pytest

from agent_connector.mcp.body import (
    INVALID_REQUEST,
    MAX_DEPTH,
    PARSE_ERROR,
    problem_of,
)


def nested(depth: int, *, opening: str = "[", closing: str = "]") -> bytes:
    return f'{{"a":{opening * (depth - 1)}{closing * (depth - 1)}}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"jsonrpc":"2.0","id":1,"method":"ping"}',
        json.dumps({"text": 'brackets [[[ and "quotes" \\'}).encode(),
        '{"a":"ü\\u00fc\\ud83d\\ude00"}'.encode(),
        b' {"a":1} ',
        nested(MAX_DEPTH),
        json.dumps({"a": "[" * 1000}).encode(),
    ],
)
def test_an_object_passes(body: bytes) -> None:
    assert problem_of(body) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"", PARSE_ERROR, id="empty"),
        pytest.param(b"no json", PARSE_ERROR, id="no JSON"),
        pytest.param(b'{"a":1', PARSE_ERROR, id="broken off"),
        pytest.param(b'{"a":1} {}', PARSE_ERROR, id="two"),
        pytest.param(b'{"a":"\xff"}', PARSE_ERROR, id="not UTF-8"),
        pytest.param('{"a":1}'.encode("utf-16"), PARSE_ERROR, id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf{}", PARSE_ERROR, id="BOM"),
        pytest.param(b'{"a":NaN}', PARSE_ERROR, id="NaN"),
        pytest.param(b'{"a":-Infinity}', PARSE_ERROR, id="infinity"),
        pytest.param(b'{"a":1e999}', PARSE_ERROR, id="beyond a double"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", PARSE_ERROR, id="5,000 digits"),
        pytest.param(b'{"a":"\\ud800"}', PARSE_ERROR, id="half a character"),
        pytest.param(b"{'a':1}", PARSE_ERROR, id="single quotes"),
        pytest.param(nested(MAX_DEPTH + 1), PARSE_ERROR, id="a level too deep"),
        pytest.param(nested(1500), PARSE_ERROR, id="1,500 deep"),
        pytest.param(nested(100_000), PARSE_ERROR, id="100,000 deep"),
        pytest.param(b"[" * 100_000, PARSE_ERROR, id="100,000 deep, broken off"),
        pytest.param(
            nested(1000, opening='{"a":', closing="}"), PARSE_ERROR, id="objects"
        ),
        pytest.param(b'{"a":1,"a":1}', INVALID_REQUEST, id="same key twice"),
        pytest.param(b'{"a":{"b":1,"b":2}}', INVALID_REQUEST, id="twice inside"),
        pytest.param(b'{"a":1,"\\u0061":2}', INVALID_REQUEST, id="twice, escaped"),
        pytest.param(b"[]", INVALID_REQUEST, id="empty batch"),
        pytest.param(b'[{"a":1}]', INVALID_REQUEST, id="batch"),
        pytest.param(b"7", INVALID_REQUEST, id="number"),
        pytest.param(b"null", INVALID_REQUEST, id="null"),
    ],
)
def test_anything_else_is_refused_with_its_code(body: bytes, code: int) -> None:
    problem = problem_of(body)

    assert problem is not None
    assert problem.code == code


def test_a_megabyte_of_quotes_is_judged_in_linear_time() -> None:
    """A pattern that backtracks would take hours here; the test would time out."""
    assert problem_of(b'{"a":"' + b'\\"' * 500_000) is not None
    assert problem_of(b'{"a":"' + b'\\"' * 500_000 + b'"}') is None
