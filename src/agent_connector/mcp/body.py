"""Judge the bytes of a request before the wire library reads them. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import msgspec

MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 64
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
"""JSON-RPC 2.0 section 5.1."""

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class BodyProblem:
    """Why a body is no message, as a JSON-RPC error code and a sentence."""

    code: int
    sentence: str


class _DuplicateKey(Exception):
    """An object has the same key twice; readers disagree on which one counts."""


_NOT_JSON = BodyProblem(PARSE_ERROR, "The body is not JSON.")
_NOT_UTF8 = BodyProblem(PARSE_ERROR, "The body is not UTF-8.")
_TOO_DEEP = BodyProblem(PARSE_ERROR, f"The body nests deeper than {MAX_DEPTH} levels.")
_DUPLICATE = BodyProblem(INVALID_REQUEST, "An object has the same key twice.")
_BATCH = BodyProblem(INVALID_REQUEST, "Send one message; batches are not taken.")
_NO_OBJECT = BodyProblem(INVALID_REQUEST, "A message is a JSON object.")


def problem_of(body: bytes) -> BodyProblem | None:
    """Return why `body` is not one JSON object that every reader reads alike, or None.

    Strict where Python's reader is not: NaN, numbers beyond a double, half characters
    and duplicate keys are refused. Time is linear in the length of the body.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _NOT_UTF8
    try:
        message = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
        msgspec.json.decode(body)
    except _DuplicateKey:
        return _DUPLICATE
    except RecursionError:
        return _TOO_DEEP
    except (ValueError, msgspec.DecodeError):
        return _NOT_JSON
    if _depth_of(text) > MAX_DEPTH:
        return _TOO_DEEP
    return _problem_of_message(message)


def _problem_of_message(message: Any) -> BodyProblem | None:
    if isinstance(message, list):
        return _BATCH
    return None if isinstance(message, dict) else _NO_OBJECT


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DuplicateKey
    return found


def _refuse(_constant: str) -> None:
    raise ValueError


def _depth_of(text: str) -> int:
    """Return how deep valid JSON nests. Stops counting past the limit."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        if bracket[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
        if deepest > MAX_DEPTH:
            break
    return deepest
