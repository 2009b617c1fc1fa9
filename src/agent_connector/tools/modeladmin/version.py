"""A stamp of a record's stored values, to notice that somebody changed it meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.db.models import Model

_SALT = "agent_connector.tools.modeladmin.version"
_STAMP_CHARACTERS = 20


def version_of(record: Model, formsets: Iterable[Any] = ()) -> str:
    """Return a stamp that changes whenever a stored value of the record does.

    So it does with the rows of `formsets`, which are shown on the record's page.
    Keyed with the site's secret: the stamp also covers fields that the agent may not
    see, and a plain digest would let it guess them.
    """
    parts = _values_of(record)
    for relation in record._meta.many_to_many:
        through: Any = relation.remote_field.through
        links = through._base_manager  # noqa: SLF001  # all rows, whatever the default
        rows = links.filter(**{relation.m2m_field_name(): record.pk})
        keys = rows.values_list(f"{relation.m2m_reverse_field_name()}_id", flat=True)
        parts.append(f"{relation.name}={sorted(map(str, keys))}")
    for formset in formsets:
        rows = sorted(repr(_values_of(row)) for row in formset.get_queryset())
        parts.append(f"{formset.prefix}={rows}")
    stamp = salted_hmac(_SALT, "\n".join(parts), algorithm="sha256").hexdigest()
    return stamp[:_STAMP_CHARACTERS]


def _values_of(record: Model) -> list[str]:
    return [
        f"{field.attname}={field.value_from_object(record)!r}"
        for field in record._meta.concrete_fields
    ]
