"""Turn what an agent sent into the arguments of a tool, or say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.inspect import Metadata, type_info

from agent_connector.tools.definition import Arguments, Tool, ToolFailed
from agent_connector.tools.suggest import did_you_mean, quoted

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and lone surrogates, which UTF-8 cannot say."""

_PLACE = re.compile(r"(?P<what>.+) - at `(?P<key>key in )?\$\.?(?P<where>.*)`")

_STEP = re.compile(r"[^.\[\]]+|\[[^\]]*\]")


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
        what, where = _parts_of(str(error))
        place = f"{where or 'arguments'}: "
        raise _invalid(tool, f"{place}{what}.", where=where) from error


def _invalid(tool: Tool, message: str, *, where: str = "") -> ToolFailed:
    return ToolFailed(
        message, code="invalid_arguments", allowed=_allowed_at(tool, where)
    )


def _parts_of(text: str) -> tuple[str, str]:
    """Return what msgspec says is wrong, and where."""
    match = _PLACE.fullmatch(text)
    return (match["what"], match["where"]) if match else (text, "")


def _allowed_at(tool: Tool, where: str) -> list[str]:
    """Return the names that are taken at this place: of a value, those beside it."""
    kind: Any = type_info(tool.input)
    allowed = kind.fields
    for step in _STEP.findall(where):
        kind = _inside(kind, step)
        allowed = getattr(kind, "fields", allowed)
    return [field.encode_name for field in allowed]


def _inside(kind: Any, step: str) -> Any:
    """Return the type of one step into a struct, an object or a list."""
    for field in getattr(kind, "fields", ()):
        if field.encode_name == step:
            return _bare(field.type)
    return _bare(getattr(kind, "value_type", None) or getattr(kind, "item_type", None))


def _bare(kind: Any) -> Any:
    """Return a type without its description and limits."""
    return _bare(kind.type) if isinstance(kind, Metadata) else kind


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
