"""PostgreSQL's arrays: a list to an agent, one line of text to the form.

Recognised by what they have: their class cannot be imported without psycopg.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agent_connector.tools.modeladmin.values import MORE

NEEDS_ITEMS = "Give a list, without null."
CLIPPED = "This list was clipped when you read it; writing it would lose the rest."
ONE_EMPTY = "A list of one empty text cannot be told from an empty list."


def items_field(field: forms.Field) -> forms.Field | None:
    """Return the field of an array's items; None if `field` is no array of one level."""
    if not (isinstance(field, forms.CharField) and hasattr(field, "delimiter")):
        return None
    inner = getattr(field, "base_field", None)
    nested = hasattr(inner, "base_field")
    return inner if isinstance(inner, forms.Field) and not nested else None


def read_items(field: Any, value: Any, read: Callable[[Any], Any]) -> list[Any]:
    """Return the items as the form would hold them; `read` reads one item.

    The form takes them as one text and splits it.

    Raises:
        ValueError: another list would come back. Holds what is wrong.
    """
    if not isinstance(value, list) or None in value:
        raise ValueError(NEEDS_ITEMS)
    if MORE in value:
        raise ValueError(CLIPPED)
    items = [read(item) for item in value]
    texts = [str(field.base_field.prepare_value(item)) for item in items]
    if any(field.delimiter in text for text in texts):
        raise ValueError(
            f"No item may contain {field.delimiter!r}: it parts the items."
        )
    if texts == [""]:
        raise ValueError(ONE_EMPTY)
    try:
        return list(field.to_python(items))
    except ValidationError:
        return items  # the field's own words are better than ours
