"""The schemas of a tool as clients read them: short, since they are read every turn.

What a call is judged by is the struct itself, word for word.
"""

from __future__ import annotations

from typing import Any

from django_mcpz.schemas import type_schema

_NOISE = frozenset({"title", "minLength", "maxLength", "maxItems"})
_EMPTY: tuple[Any, ...] = ("", [], {})


def input_schema(struct: type[Any]) -> dict[str, Any]:
    """Return what the tool takes, without what goes without saying."""
    return _without_noise(type_schema(struct))


def output_schema(struct: type[Any]) -> dict[str, Any]:
    """Return what the tool answers, to the depth of its own fields."""
    schema = type_schema(struct)
    properties = {
        name: _kind_of(field) for name, field in schema.get("properties", {}).items()
    }
    required = schema.get("required", [])
    return {"type": "object", "properties": properties, "required": required}


def _without_noise(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop class names, empty defaults and sizes that no agent comes near."""
    kept = {
        key: value
        for key, value in schema.items()
        if key not in _NOISE and not (key == "default" and value in _EMPTY)
    }
    for key in ("properties", "$defs"):
        if key in kept:
            kept[key] = {name: _without_noise(one) for name, one in kept[key].items()}
    if "anyOf" in kept:
        kept["anyOf"] = [_without_noise(one) for one in kept["anyOf"]]
    if kept.get("type") == "object" and "properties" not in kept:
        kept.pop("additionalProperties", None)  # its description says more
    return kept


def _kind_of(field: dict[str, Any]) -> dict[str, Any]:
    kind: dict[str, Any] = {
        key: field[key] for key in ("description", "type") if key in field
    }
    if "$ref" in field:
        kind["type"] = "object"
    return kind
