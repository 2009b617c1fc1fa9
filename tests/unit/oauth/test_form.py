"""The parser of what clients send."""

from __future__ import annotations

import json

import pytest

from agent_connector.oauth.errors import InvalidClientMetadata, InvalidRequest
from agent_connector.oauth.form import (
    MAX_BODY_BYTES,
    MAX_JSON_DEPTH,
    MAX_VALUE_CHARACTERS,
    parse_form,
    parse_json_object,
)

KNOWN = {"state", "scope"}


def test_values_are_decoded_once() -> None:
    form = parse_form("state=a%2Bb+c%2526&scope=%C3%A4", known=KNOWN)

    assert form.get("state") == "a+b c%26"
    assert form.get("scope") == "ä"
    form.refuse_faults()


@pytest.mark.spec("RFC 6749", "3.1")
def test_empty_counts_as_absent_and_unknown_is_ignored() -> None:
    form = parse_form("state=&new=1&new=2&%ff=3&=4&scope", known=KNOWN)

    form.refuse_faults()
    assert form.values == {}
    assert form.get("state") == ""


@pytest.mark.spec("RFC 6749", "3.1")
@pytest.mark.parametrize(
    "text", ["state=a&state=b", "state=a&st%61te=a", "state&state"]
)
def test_a_repeated_parameter_is_a_fault_without_a_value(text: str) -> None:
    form = parse_form(text, known=KNOWN)

    assert form.get("state") == ""
    with pytest.raises(InvalidRequest, match="state is repeated"):
        form.refuse_faults()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("state=%00", "control"),
        ("state=a%0d%0ab", "control"),
        ("state=%7f", "control"),
        ("state=%C2%85", "control"),
        ("state=%E2%80%A8", "control"),
        ("state=%ff", "UTF-8"),
        ("state=%ED%A0%80", "UTF-8"),
        ("state=\xff", "UTF-8"),
        ("state=" + "a" * (MAX_VALUE_CHARACTERS + 1), "longer"),
    ],
)
def test_a_malformed_value_is_a_fault(text: str, fault: str) -> None:
    form = parse_form(text, known=KNOWN)

    assert form.get("state") == ""
    assert fault in form.faults["state"]


def test_the_longest_value_is_read() -> None:
    value = "a" * MAX_VALUE_CHARACTERS

    assert parse_form(f"state={value}", known=KNOWN).get("state") == value


def test_of_too_long_a_text_nothing_is_used() -> None:
    form = parse_form("state=a&x=" + "a" * MAX_BODY_BYTES, known=KNOWN)

    assert form.values == {}
    assert form.faults.keys() == KNOWN


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(InvalidRequest, match="scope is missing"):
        parse_form("state=a", known=KNOWN).require("scope")


def test_a_json_object_is_read() -> None:
    body = json.dumps({"client_name": "ä", "redirect_uris": ["x"]}).encode()

    assert parse_json_object(body)["client_name"] == "ä"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b'{"a": 1, "a": 2}',
        b'{"x": {"a": 1, "a": 2}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\xff"}',
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": ' + b"[" * 8000 + b"]" * 8000 + b"}",
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'{"a": ' + b"[" * 20 + b"]" * 20 + b"}",
    ],
)
def test_anything_but_one_plain_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidClientMetadata):
        parse_json_object(body)


def test_a_text_of_exactly_the_limit_is_read() -> None:
    text = "state=a&x=".ljust(MAX_BODY_BYTES, "a")

    assert parse_form(text, known=KNOWN).get("state") == "a"


def test_json_is_read_down_to_the_limit_and_no_deeper() -> None:
    at_the_limit = '{"a": ' + "[" * (MAX_JSON_DEPTH - 1) + "]" * (MAX_JSON_DEPTH - 1)
    below_it = '{"a": ' + "[" * MAX_JSON_DEPTH + "]" * MAX_JSON_DEPTH

    assert "a" in parse_json_object(f"{at_the_limit}}}".encode())
    with pytest.raises(InvalidClientMetadata):
        parse_json_object(f"{below_it}}}".encode())
