"""Show a value of the admin as JSON: plain, typed, and never too long."""

from __future__ import annotations

import html
import math
import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import msgspec
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import FileField, Manager, Model, QuerySet
from django.utils import timezone
from django.utils.duration import duration_string
from django.utils.html import strip_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

_NOTHING_THERE = (AttributeError, ValueError, ObjectDoesNotExist)
"""What a column may raise that the admin shows as a dash."""

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
    except _NOTHING_THERE:
        return None
    if field is not None:
        return field_value(field, record, limit=limit)
    return _told(attribute, value, limit=limit)


def reader_of(
    name: Any, model_admin: BaseModelAdmin, *, limit: int
) -> Callable[[Model], Any]:
    """Return what reads `name` of many records, as `shown_value` does of one.

    What most columns are, a field or a method of the admin, is found once for all.
    """
    field = _stored_field(model_admin, name)
    if field is not None:
        return partial(_read_field, field, limit=limit)
    method = name if callable(name) else getattr(model_admin, name, None)
    if callable(method) and name != "__str__":
        return partial(_read_method, method, limit=limit)
    return partial(shown_value, name, model_admin=model_admin, limit=limit)


def _stored_field(model_admin: BaseModelAdmin, name: Any) -> Field | None:
    try:
        field: Any = model_admin.opts.get_field(name)
    except FieldDoesNotExist:
        return None
    # A relation has two names, of which that with `_id` is shown as the bare key.
    return field if field.concrete and field.name == name else None


def _read_field(field: Field, record: Model, *, limit: int) -> Any:
    try:
        value = getattr(record, field.name)
    except _NOTHING_THERE:
        return None
    return _stored(field, value, limit=limit)


def _read_method(method: Callable[[Model], Any], record: Model, *, limit: int) -> Any:
    try:
        value = method(record)
    except _NOTHING_THERE:
        return None
    return _told(method, value, limit=limit)


def _told(teller: Any, value: Any, *, limit: int) -> Any:
    """Return what a method or property told, which may be said to be yes or no."""
    if getattr(teller, "boolean", False):
        return None if value is None else bool(value)
    return plain(value, limit=limit)


def field_value(field: Field, record: Model, *, limit: int) -> Any:
    """Return the value of a model's field: choices and relations with their label."""
    try:
        value = getattr(record, field.name, None)
    except ObjectDoesNotExist:  # its key leads nowhere
        value = getattr(record, field.attname)
    return _stored(field, value, limit=limit)


def _has_choices(field: Field) -> bool:
    """Say whether there is any; `flatchoices` alone goes through all of them."""
    return bool(getattr(field, "choices", None)) and bool(field.flatchoices)


def _stored(field: Field, value: Any, *, limit: int) -> Any:
    # Whether there are choices first: not every value can be compared with a text.
    if _has_choices(field) and value not in (None, ""):
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
