"""Tell an agent what became of the rows that it asked about."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from django.db.models import DecimalField
from django.forms.models import InlineForeignKeyField

from agent_connector.tools.modeladmin.edit import Edit, row_pk
from agent_connector.tools.modeladmin.settable import is_secret
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, shown_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin.options import InlineModelAdmin
    from django.db.models import Model

    from agent_connector.tools.modeladmin.form import OpenForm

Values = dict[str, Any]
RowsBefore = dict[tuple[str, int], Values]
"""What rows held, by the prefix of their formset and their index in it."""


class Change(msgspec.Struct, frozen=True):
    before: Any
    after: Any


class ChangedRow(msgspec.Struct, frozen=True):
    id: str
    changed: dict[str, Change]


class ChangedRows(msgspec.Struct, frozen=True, omit_defaults=True):
    added: list[Values] = []
    changed: list[ChangedRow] = []
    deleted: list[str] = []


def present_rows(shown: OpenForm, edit: Edit) -> RowsBefore:
    """Return what the rows hold that are about to be changed or deleted."""
    return {
        (str(formset.prefix), index): _values_of(formset, row, row.instance, inline)
        for formset, inline in zip(shown.formsets, shown.inlines, strict=True)
        for index, row in enumerate(formset.initial_forms)
        if index in edit.rows_of(formset).replaced
    }


def changed_rows(
    opened: OpenForm, edit: Edit, *, before: RowsBefore
) -> dict[str, ChangedRows]:
    """Return what was done, as it is stored; `before` are the `present_rows` of then."""
    return _told(opened, edit, before, record_of=_read_back)


def rows_to_change(
    opened: OpenForm, edit: Edit, *, before: RowsBefore
) -> dict[str, ChangedRows]:
    """Return what saving valid rows would do. New ones have no id yet."""
    return _told(opened, edit, before, record_of=as_stored)


def as_stored(record: Model) -> Model:
    """Give the decimals of a record that is not saved yet the places of their column."""
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        if isinstance(field, DecimalField) and isinstance(value, Decimal):
            places = Decimal(1).scaleb(-field.decimal_places)
            setattr(record, field.attname, value.quantize(places))
    return record


def _told(
    opened: OpenForm,
    edit: Edit,
    before: RowsBefore,
    *,
    record_of: Callable[[Model], Model],
) -> dict[str, ChangedRows]:
    return {
        str(formset.prefix): _of_formset(
            formset, inline, edit, before, record_of=record_of
        )
        for formset, inline in zip(opened.formsets, opened.inlines, strict=True)
        if str(formset.prefix) in edit.rows
    }


def _of_formset(
    formset: Any,
    inline: InlineModelAdmin,
    edit: Edit,
    before: RowsBefore,
    *,
    record_of: Callable[[Model], Model],
) -> ChangedRows:
    rows = edit.rows_of(formset)
    added, changed = [], []
    for index in sorted(rows.values):
        row = formset.forms[index]
        stored = record_of(row.instance)
        after = _values_of(formset, row, stored, inline)
        pk = str(stored.pk)
        if index >= rows.stored:
            is_new = stored._state.adding  # noqa: SLF001  # documented
            added.append(after if is_new else {"id": pk} | after)
            continue
        old = before[formset.prefix, index]
        changes = {
            name: Change(before=old[name], after=after[name])
            for name in after
            if old[name] != after[name]
        }
        if changes:
            changed.append(ChangedRow(id=pk, changed=changes))
    deleted = [str(row_pk(formset.forms[index])) for index in sorted(rows.deleted)]
    return ChangedRows(added=added, changed=changed, deleted=deleted)


def _values_of(
    formset: Any, row: Any, record: Model, inline: InlineModelAdmin
) -> Values:
    return {
        name: shown_value(name, record, inline, limit=SHORT_TEXT_CHARACTERS)
        for name, field in row.fields.items()
        if name in formset.form.base_fields  # what the formset adds is for browsers
        and not isinstance(field, InlineForeignKeyField)
        and not is_secret(name, field)
    }


def _read_back(record: Model) -> Model:
    every: Any = type(record)._base_manager  # noqa: SLF001  # documented
    found: Model = every.using(record._state.db).get(pk=record.pk)  # noqa: SLF001  # the same
    return found
