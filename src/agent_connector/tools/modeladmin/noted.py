"""Note for the record of a call what became of records and their values."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import flatten_fieldsets

from agent_connector.audit.changes import RecordChange
from agent_connector.models.trouble import DATABASE_TROUBLE
from agent_connector.policy.exposure import label_of
from agent_connector.tools.changes import note_change
from agent_connector.tools.modeladmin.edit import row_pk
from agent_connector.tools.modeladmin.form import change_form_class
from agent_connector.tools.modeladmin.save import every_row
from agent_connector.tools.modeladmin.settable import is_secret
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, field_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.models import LogEntry
    from django.db.models import Field, Model

    from agent_connector.tools.modeladmin.changed_rows import (
        Change,
        ChangedRows,
        RowsBefore,
    )
    from agent_connector.tools.modeladmin.edit import Edit
    from agent_connector.tools.modeladmin.form import OpenForm
    from agent_connector.tools.modeladmin.request import AdminRequest

Values = dict[str, Any]
Entries = tuple[int, ...]
"""Keys of entries of the admin's history."""

MAX_VALUED = 20
"""Records of one act whose values are noted; of the others, that they changed."""

_NOTHING: tuple[Any, ...] = (None, "", [])

logger = logging.getLogger(__name__)


def note_rows(
    opened: OpenForm,
    edit: Edit,
    done: Mapping[str, ChangedRows],
    *,
    before: RowsBefore,
) -> None:
    """Note what was `done` with rows on the page; `before` are the `present_rows`."""
    for formset in opened.formsets:
        if str(formset.prefix) in done:
            _note_rows_of(formset, edit, done[str(formset.prefix)], before)


def _note_rows_of(
    formset: Any, edit: Edit, done: ChangedRows, before: RowsBefore
) -> None:
    model = label_of(formset.model)
    for added in done.added:
        note_whole(model, added["id"], after=added)
    for row in done.changed:
        note_fields(model, row.id, row.changed)
    for index in sorted(edit.rows_of(formset).deleted):
        held = before.get((str(formset.prefix), index), {})
        note_whole(model, str(row_pk(formset.forms[index])), before=held)


def note_fields(
    model: str, pk: str, changed: Mapping[str, Change], *, log_entries: Entries = ()
) -> None:
    """Note fields of one record with their values before and after."""
    note_change(
        RecordChange(
            model=model,
            object_id=pk,
            before={name: change.before for name, change in changed.items()},
            after={name: change.after for name, change in changed.items()},
            log_entries=log_entries,
        )
    )


def note_whole(
    model: str,
    pk: str,
    *,
    before: Values | None = None,
    after: Values | None = None,
    log_entries: Entries = (),
) -> None:
    """Note a record that came or went, with those of its values that say something."""
    note_change(
        RecordChange(
            model=model,
            object_id=pk,
            before=_filled(before or {}),
            after=_filled(after or {}),
            log_entries=log_entries,
        )
    )


def note_act(
    model_admin: ModelAdmin,
    request: AdminRequest,
    before: Mapping[str, Values],
    pks: Sequence[Any],
    entries: Iterable[LogEntry],
) -> None:
    """Note what became of the records of these keys, whose values were `before`.

    Told of are records that are gone, that hold other values, or of which the history
    says something.
    """
    model = label_of(model_admin.model)
    logged: dict[str, list[int]] = {}
    for entry in entries:
        logged.setdefault(str(entry.object_id), []).append(entry.pk)
    rows = every_row(model_admin).filter(pk__in=pks)
    left = {str(row.pk): row for row in rows}
    after = values_of(model_admin, request, [left[pk] for pk in before if pk in left])
    for pk in map(str, pks):
        own = tuple(logged.get(pk, ()))
        if pk not in left:
            note_whole(model, pk, before=before.get(pk, {}), log_entries=own)
            continue
        old, new = before.get(pk, {}), after.get(pk, {})
        names = [name for name in old if old[name] != new.get(name, old[name])]
        if names or own:
            note_change(
                RecordChange(
                    model=model,
                    object_id=pk,
                    before={name: old[name] for name in names},
                    after={name: new[name] for name in names},
                    log_entries=own,
                )
            )


def values_of(
    model_admin: ModelAdmin, request: AdminRequest, records: Iterable[Model]
) -> dict[str, Values]:
    """Return what the page of each of the first records shows of its stored fields.

    Nothing secret or hidden, and nothing at all where the site keeps no values.
    """
    if not request.caller.stores_arguments:
        return {}
    return {
        str(record.pk): _values_of(model_admin, request, record)
        for record in list(records)[:MAX_VALUED]
    }


def _values_of(model_admin: ModelAdmin, request: AdminRequest, record: Model) -> Values:
    """Return the values of one record; none where the site's own code cannot say."""
    try:
        return {
            field.name: field_value(field, record, limit=SHORT_TEXT_CHARACTERS)
            for field in _shown_fields(model_admin, request, record)
        }
    except DATABASE_TROUBLE:
        raise
    except Exception:
        logger.exception("Nobody can tell the values of a %s", model_admin.opts.label)
        return {}


def _shown_fields(
    model_admin: ModelAdmin, request: AdminRequest, record: Model
) -> Iterator[Field]:
    form = change_form_class(model_admin, request, record, change=True)
    fields = form(instance=record).fields  # as it is made, it may put in other widgets
    meta = record._meta
    stored: dict[Any, Field] = {
        field.name: field for field in (*meta.concrete_fields, *meta.many_to_many)
    }
    for name in flatten_fieldsets(model_admin.get_fieldsets(request, record)):
        field = stored.get(name)
        if field is None or field.primary_key:
            continue
        if not is_secret(name, fields.get(name)):
            yield field


def _filled(values: Values) -> Values:
    return {
        name: value
        for name, value in values.items()
        if name != "id" and value not in _NOTHING
    }
