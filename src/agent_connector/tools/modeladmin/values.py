"""Show a value of the admin as JSON: plain, typed, and never too long."""

from __future__ import annotations

import html
import math
import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import FileField, Manager, Model, QuerySet
from django.utils import timezone
from django.utils.duration import duration_string
from django.utils.html import strip_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.admin.options import BaseModelAdmin
    from django.db.models import Field

LONG_TEXT_CHARACTERS = 4000
"""Of one value in `get_record`."""
SHORT_TEXT_CHARACTERS = 300
"""Of one value in a row of a list."""
MAX_ITEMS = 100
MORE = "[more]"
"""Stands after the last item of a list that goes on."""
MAX_SAFE_INTEGER = 2**53
"""A larger number loses digits in most JSON readers, and is sent as text."""

_CLIPPED = re.compile(r"… \[clipped: \d+ characters in all\]\Z", re.ASCII)
_LINE_BREAK = re.compile(r"<(?:br|/p|/li|/div|/tr)\b[^>]*>", re.IGNORECASE)


def shown_value(
    name: Any, record: Model, model_admin: BaseModelAdmin, *, limit: int
) -> Any:
    """Return what the admin shows for `name`: a field, method, callable or path.

    `limit` is the most characters of one text. What cannot be looked up is null, as
    the admin shows a dash.
    """
    try:
        field, attribute, value = lookup_field(name, record, model_admin)
    except (AttributeError, ValueError, ObjectDoesNotExist):
        return None
    if field is not None:
        return field_value(field, record, limit=limit)
    if getattr(attribute, "boolean", False):
        return None if value is None else bool(value)
    return plain(value, limit=limit)


def field_value(field: Field, record: Model, *, limit: int) -> Any:
    """Return the value of a model's field: choices and relations with their label."""
    try:
        value = getattr(record, field.name, None)
    except ObjectDoesNotExist:  # its key leads nowhere
        value = getattr(record, field.attname)
    if getattr(field, "flatchoices", None) and value not in (None, ""):
        return choice(value, dict(field.flatchoices), limit=limit)
    if isinstance(field, FileField):
        return plain(value.name, limit=limit) if value else None
    return plain(value, limit=limit)


def choice(value: Any, labels: dict[Any, Any], *, limit: int) -> dict[str, Any]:
    """Return a choice as stored and as people read it."""
    label = labels.get(value, value)
    return {"value": plain(value, limit=limit), "label": text(str(label), limit=limit)}


def related(record: Model, *, limit: int) -> dict[str, str]:
    """Return a record as another one refers to it."""
    return {"id": str(record.pk), "label": text(str(record), limit=limit)}


def plain(value: Any, *, limit: int) -> Any:  # noqa: PLR0911  # one line a type
    """Return `value` as JSON: times with their offset, decimals as text."""
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) <= MAX_SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case str():
            return text(value, limit=limit)
        case datetime() | date() | time() | timedelta():
            return _moment(value)
        case Model():
            return related(value, limit=limit)
        case dict():
            return {
                text(str(key), limit=limit): plain(item, limit=limit)
                for key, item in list(value.items())[:MAX_ITEMS]
            }
        case _:
            return _several(value, limit=limit)


def _several(value: Any, *, limit: int) -> Any:
    if isinstance(value, (Manager, QuerySet)):
        value = list(value.all()[: MAX_ITEMS + 1])
    if isinstance(value, (bytes, memoryview)):
        return f"[{len(value)} bytes]"
    if not isinstance(value, (list, tuple, set, frozenset)):
        return text(str(value), limit=limit)
    items = [plain(item, limit=limit) for item in list(value)[:MAX_ITEMS]]
    return [*items, MORE] if len(value) > MAX_ITEMS else items


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).isoformat()
    return value.isoformat()


def text(value: str, *, limit: int) -> str:
    """Return a text: markup made by the site as plain words, clipped with a note."""
    if hasattr(value, "__html__"):
        value = _words_of(str(value))
    clean = value.encode("utf-8", "replace").decode("utf-8")
    if len(clean) <= limit:
        return clean
    return f"{clean[:limit]}… [clipped: {len(clean)} characters in all]"


@lru_cache(maxsize=256)
def _words_of(markup: str) -> str:
    """Return markup as plain words; the rows of a list repeat the same few badges."""
    return html.unescape(strip_tags(_LINE_BREAK.sub("\n", markup))).strip()


def fitting_rows(rows: Sequence[Any], *, most: int) -> int:
    """Return how many of the rows fit into `most` bytes: one at least."""
    size = 0
    for number, row in enumerate(rows):
        size += len(msgspec.json.encode(row))
        if size > most and number:
            return number
    return len(rows)


def is_clipped(value: str) -> bool:
    """Say whether a text ends in the note that `text` leaves."""
    return _CLIPPED.search(value) is not None
