"""Turn what an agent sent into the arguments of a tool, or say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from agent_connector.tools.definition import Arguments, Tool, ToolFailed
from agent_connector.tools.suggest import did_you_mean, quoted

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and lone surrogates, which UTF-8 cannot say."""

_PLACE = re.compile(r"(?P<what>.+) - at `(?P<key>key in )?\$\.?(?P<where>.*)`")


def parse_arguments(tool: Tool, given: Any) -> Arguments:
    """Return `given` as the input type of the tool.

    Raises:
        ToolFailed: unknown argument, missing argument, wrong type, or unusable text.
    """
    if not isinstance(given, dict):
        raise _invalid(tool, "The arguments of a tool are a JSON object.")
    allowed = list(tool.input.__struct_fields__)
    for name in given:
        if name not in allowed:
            text = f"{tool.name} has no argument {quoted(name)}."
            raise _invalid(tool, text + did_you_mean(name, allowed))
    if any(_NOT_TEXT.search(text) for text in _texts_in(given)):
        raise _invalid(tool, "A text holds NUL or half a character.")
    try:
        return msgspec.convert(given, tool.input)
    except msgspec.ValidationError as error:
        raise _invalid(tool, _sentence_of(str(error))) from error


def _invalid(tool: Tool, message: str) -> ToolFailed:
    return ToolFailed(
        message, code="invalid_arguments", allowed=tool.input.__struct_fields__
    )


def _sentence_of(text: str) -> str:
    """Return msgspec's words with the place first, as people say it."""
    match = _PLACE.fullmatch(text)
    if match is None:
        return f"{text}."
    return f"{match['where'] or 'arguments'}: {match['what']}."


def _texts_in(value: Any) -> Iterator[str]:
    """Walk all texts and keys of a JSON value, which the endpoint keeps shallow."""
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                yield key
                yield from _texts_in(item)
        case list():
            for item in value:
                yield from _texts_in(item)
        case _:
            return
