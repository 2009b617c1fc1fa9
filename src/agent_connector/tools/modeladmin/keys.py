"""Tell keys that a database column can hold from numbers that are too large for any."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

_LARGEST = 2**63 - 1
"""Of the widest column. SQLite's driver breaks on what lies beyond."""


def fits(field: Any, key: Any) -> bool:
    """Say whether `key` is none of those numbers; whether it is a key, others judge."""
    try:
        number = field.to_python(key)
    except (TypeError, ValueError, ValidationError):
        return True
    return not isinstance(number, int) or -_LARGEST <= number <= _LARGEST


def possible_keys(field: Any, keys: Any) -> list[Any]:
    """Return those of `keys` that the field takes, as it stores them."""
    found = []
    for key in keys:
        try:
            number = field.to_python(key)
        except ValidationError:
            continue
        if fits(field, number):
            found.append(number)
    return found
