"""The one parser of what clients send: form parameters and JSON objects."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from agent_connector.oauth.errors import InvalidClientMetadata, InvalidRequest

MAX_BODY_BYTES = 16 * 1024
"""The most a body, or a query string, may hold; honest ones stay under 3 KiB."""
MAX_VALUE_CHARACTERS = 2000
MAX_JSON_DEPTH = 8

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Known parameters, each given at most once, and what is wrong with the others."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    """Parameter name to what is wrong with it, for those that have no value."""

    def get(self, name: str) -> str:
        """Return a sound value; "" stands for absent."""
        return self.values.get(name, "")

    def require(self, name: str) -> str:
        """Return a value that the request cannot do without.

        Raises:
            InvalidRequest: it is missing.
        """
        value = self.get(name)
        if not value:
            raise InvalidRequest(f"The parameter {name} is missing.")
        return value

    def refuse_faults(self) -> None:
        """Raise for the first parameter that is repeated or malformed.

        Raises:
            InvalidRequest: there is such a parameter.
        """
        for name, fault in self.faults.items():
            raise InvalidRequest(f"The parameter {name} {fault}.")


def parse_form(text: str, *, known: Collection[str]) -> Form:
    """Read an application/x-www-form-urlencoded text; unknown names are ignored.

    A text over the size limit has a fault for each known name, so that nothing of it
    is used.
    """
    if len(text) > MAX_BODY_BYTES:
        return Form(values={}, faults=dict.fromkeys(known, "is in too long a request"))
    given: dict[str, list[str]] = {}
    for pair in filter(None, text.split("&")):
        name, _, value = pair.partition("=")
        given.setdefault(_decode(name) or "", []).append(value)
    values: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name in sorted(given.keys() & set(known)):
        value, fault = _judge(given[name])
        if fault:
            faults[name] = fault
        elif value:  # empty is the same as absent (RFC 6749 section 3.1)
            values[name] = value
    return Form(values=values, faults=faults)


def _judge(encoded: list[str]) -> tuple[str, str]:
    """Return the one value and "", or "" and what is wrong."""
    if len(encoded) > 1:
        return "", "is repeated"
    value = _decode(encoded[0])
    if value is None:
        return "", "is not valid UTF-8 in percent-encoding"
    if len(value) > MAX_VALUE_CHARACTERS:
        return "", f"is longer than {MAX_VALUE_CHARACTERS} characters"
    if _CONTROL.search(value):
        return "", "has control characters"
    return value, ""


def _decode(encoded: str) -> str | None:
    """Undo the encoding; None for raw non-ASCII and for broken UTF-8."""
    if not encoded.isascii():
        return None
    try:
        return unquote_to_bytes(encoded.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        return None


def parse_json_object(body: bytes) -> dict[str, Any]:
    """Read one JSON object in UTF-8, without repeated keys, at most 8 levels deep.

    Raises:
        InvalidClientMetadata: it is anything else.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError):  # broken UTF-8 and JSON are ValueErrors
        raise InvalidClientMetadata("The body is not valid JSON in UTF-8.") from None
    if not isinstance(value, dict):
        raise InvalidClientMetadata("The body is not a JSON object.")
    if _is_deeper(value, than=MAX_JSON_DEPTH):
        raise InvalidClientMetadata("The body is nested too deeply.")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidClientMetadata("A member of the body is repeated.")
    return members


def _refuse_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are not JSON (RFC 8259 section 6)


def _is_deeper(value: object, *, than: int) -> bool:
    match value:
        case dict():
            inner = list(value.values())
        case list():
            inner = value
        case _:
            return False
    return than == 0 or any(_is_deeper(item, than=than - 1) for item in inner)
