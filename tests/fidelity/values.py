"""Make up values for a model's fields: good ones, edge cases and nonsense."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models

from tests.fidelity.hand import Json
from tests.fidelity.sets import every

WORDS = ("", "  padded ", "0", "-1", "x" * 300, "ünï ☃", "<b>", "two\nlines")
NUMBERS = (0, 1, 2, 3, 7, 12, 40, 99, 250, -1, 10**7, 10**12)
AMOUNTS = (
    "0.00",
    "1.5",
    "2.50",
    "3.00",
    "7.25",
    "12.00",
    "19.99",
    "-3.00",
    "1.999",
    "123456789.00",
)
DOCUMENTS = ({"a": [1, "é"]}, [1, 2], "text", 5, True)
NOWHERE = 987_654


def value_for(rng: Random, field: Any) -> Any:
    """Return a value that a person or an agent may try for the field."""
    if field.choices and not field.is_relation:
        keys = [key for key, _label in field.flatchoices]
        return "nonsense" if rng.random() < 0.1 else rng.choice(keys)
    if isinstance(field, models.ManyToManyField):
        keys = _keys(rng, field)
        return rng.sample(keys, rng.randint(0, min(3, len(keys))))
    if field.is_relation:
        return None if rng.random() < 0.1 else rng.choice(_keys(rng, field) or [None])
    if field.null and rng.random() < 0.15:
        return None
    return _plain(rng, field)


def _keys(rng: Random, field: Any) -> list[Any]:
    """Return keys of related records: hidden ones too, and one that is not there."""
    model = field.related_model
    keys = list(every(model).values_list("pk", flat=True))
    known = rng.sample(keys, min(4, len(keys)))
    missing = (
        NOWHERE if isinstance(model._meta.pk, models.AutoField) else uuid.UUID(int=5)
    )
    return [*known, missing] if rng.random() < 0.2 else known


def _plain(rng: Random, field: Any) -> Any:
    kinds = (kind for kind in MAKERS if isinstance(field, kind))
    kind = next(kinds, models.Field)
    return MAKERS[kind](rng)


def _text(rng: Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(WORDS)
    return f"{rng.choice(('Zürich', 'kettle', 'CODE'))}{rng.randint(1, 99)}"


def _moment(rng: Random) -> datetime:
    offset = timezone(timedelta(hours=rng.randint(-11, 12)))
    minutes = rng.randint(-300_000, 300_000)
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    return moment.astimezone(offset)


MAKERS: dict[type[models.Field], Callable[[Random], Any]] = {
    models.BooleanField: lambda rng: rng.random() < 0.5,
    models.DateTimeField: _moment,
    models.DateField: lambda rng: date(2026, 1, 1) + timedelta(rng.randint(-400, 400)),
    models.TimeField: lambda rng: time(rng.randint(0, 23), rng.randint(0, 59)),
    models.DecimalField: lambda rng: Decimal(rng.choice(AMOUNTS)),
    models.FloatField: lambda rng: rng.choice((0.5, -2.25, 1e9)),
    models.IntegerField: lambda rng: rng.choice(NUMBERS),
    models.JSONField: lambda rng: Json(rng.choice(DOCUMENTS)),
    models.UUIDField: lambda rng: uuid.UUID(int=rng.getrandbits(128)),
    models.EmailField: lambda rng: rng.choice(
        (f"a{rng.randint(1, 99)}@example.com", "b@example.com", "no address")
    ),
    models.SlugField: lambda rng: f"slug-{rng.randint(1, 40)}",
    models.Field: _text,
}
"""A value for each kind of field, the special before the general."""


def fields_of(model: type[models.Model]) -> list[Any]:
    """Return the fields of the model that a form could have."""
    meta = model._meta
    return [
        field
        for field in (*meta.concrete_fields, *meta.many_to_many)
        if not isinstance(field, (GenericForeignKey, models.FileField))
    ]
