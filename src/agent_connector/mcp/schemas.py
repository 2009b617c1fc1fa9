"""The schemas of a tool as clients read them: short, since they are read every turn.

What a call is judged by is the struct itself, word for word.
"""

from __future__ import annotations

from typing import Any

from django_mcpz.schemas import type_schema

_NOISE = frozenset({"title", "minLength", "maxLength", "maxItems"})
_EMPTY: tuple[Any, ...] = ("", [], {}, None)
_MAY_BE_EMPTY = frozenset({"default", "required"})


def input_schema(struct: type[Any]) -> dict[str, Any]:
    """Return what the tool takes, without what goes without saying."""
    schema = _without_noise(type_schema(struct))
    schema.pop("description", None)  # of the struct; the tool has its own
    for inner in schema.get("$defs", {}).values():
        inner.pop("additionalProperties", None)  # the instructions say it of all
    return schema


def output_schema(struct: type[Any]) -> dict[str, Any]:
    """Return the names that an answer has; the answer itself shows the kinds."""
    fields = type_schema(struct).get("properties", {})
    return {"type": "object", "properties": {name: {} for name in fields}}


def _without_noise(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop class names, empty defaults and sizes that no agent comes near."""
    kept = {
        key: _shortened(key, value)
        for key, value in schema.items()
        if key not in _NOISE and not (key in _MAY_BE_EMPTY and value in _EMPTY)
    }
    if kept.get("type") == "object" and "properties" not in kept:
        rows = kept.pop("additionalProperties", None)  # its description says more
        if isinstance(rows, dict) and "$ref" in rows:
            kept["additionalProperties"] = rows
    return _merged(kept)


def _merged(schema: dict[str, Any]) -> dict[str, Any]:
    """Return `anyOf` of plain kinds as a list of these, with the words of the first."""
    choices = schema.get("anyOf", [])
    if not choices or any(one.keys() - {"type", "description"} for one in choices):
        return schema
    others = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**choices[0], **others, "type": [one["type"] for one in choices]}


def _shortened(key: str, value: Any) -> Any:
    match key, value:
        case "properties" | "$defs", dict():
            return {name: _without_noise(one) for name, one in value.items()}
        case _, dict():
            return _without_noise(value)
        case "anyOf", list():
            return [_without_noise(one) for one in value]
        case _:
            return value
