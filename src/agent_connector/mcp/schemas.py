"""The schemas of a tool as clients read them: short, since they are read every turn.

What a call is judged by is the struct itself, word for word.
"""

from __future__ import annotations

from typing import Any

from django_mcpz.schemas import type_schema

_NOISE = frozenset({"title", "minLength", "maxLength", "maxItems"})
_NEEDLESS = frozenset({"additionalProperties", "default", "required"})
_EMPTY: tuple[Any, ...] = ("", [], {}, False)


def input_schema(struct: type[Any]) -> dict[str, Any]:
    """Return what the tool takes, without what goes without saying."""
    return _without_noise(type_schema(struct)) | {"additionalProperties": False}


def output_schema(struct: type[Any]) -> dict[str, Any]:
    """Return what the tool answers: the kinds of its own fields."""
    fields = type_schema(struct).get("properties", {})
    return {
        "type": "object",
        "properties": {name: _kind_of(field) for name, field in fields.items()},
    }


def _without_noise(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop class names, empty defaults and sizes that no agent comes near."""
    kept = {
        key: value
        for key, value in schema.items()
        if key not in _NOISE and not (key in _NEEDLESS and value in _EMPTY)
    }
    for key in ("properties", "$defs"):
        if key in kept:
            kept[key] = {name: _without_noise(one) for name, one in kept[key].items()}
    if "properties" in kept:
        kept.pop("description", None)  # of the struct, for who reads its code
    if "items" in kept:
        kept["items"] = _without_noise(kept["items"])
    others = kept.get("additionalProperties")
    if isinstance(others, dict) and "$ref" not in others:
        del kept["additionalProperties"]  # its description says more
    if "anyOf" in kept:
        kept |= _one_of_kinds(kept.pop("anyOf"))
    return kept


def _one_of_kinds(kinds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return alternatives of plain kinds as one list of types."""
    short = [_without_noise(kind) for kind in kinds]
    words = next((kind["description"] for kind in short if "description" in kind), "")
    types = [kind["type"] for kind in short if kind.keys() <= {"type", "description"}]
    if len(types) < len(short):
        return {"anyOf": short}
    return {"type": types} | ({"description": words} if words else {})


def _kind_of(field: dict[str, Any]) -> dict[str, Any]:
    kind = "object" if "$ref" in field else field.get("type")
    return {"type": kind} if kind else {}
