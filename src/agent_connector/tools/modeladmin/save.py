"""Save a form of the admin as its add or change page would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import router
from django.forms.formsets import all_valid

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.edit import Edit, row_name
from agent_connector.tools.modeladmin.encode import (
    Pairs,
    encode_form,
    encode_formset,
)
from agent_connector.tools.modeladmin.history import (
    last_entry,
    new_entries,
    with_client,
)
from agent_connector.tools.modeladmin.settable import is_secret, obstacle_to
from agent_connector.tools.modeladmin.unapplied import (
    dropped_values,
    require_applied,
    require_untouched,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin import ModelAdmin
    from django.db.models import Manager, Model, QuerySet

    from agent_connector.policy.caller import Caller
    from agent_connector.tools.modeladmin.form import OpenForm
    from agent_connector.tools.modeladmin.request import AdminRequest


_NO_CHOICE = ("invalid_choice", "invalid_pk_value")
"""How Django's fields call a value that is no choice of theirs."""


class Saved(NamedTuple):
    """What was saved. Without a history nothing was to be changed, and nothing was."""

    record: Model
    history: str
    log_entries: tuple[int, ...] = ()


def pairs_of(shown: OpenForm, edit: Edit) -> Pairs:
    """Write what a browser would send: the page as shown, but for what is asked."""
    yield from encode_form(shown.form, edit.values)
    for formset in shown.formsets:
        rows = edit.rows_of(formset)
        yield from encode_formset(formset, rows.replaced, added=rows.added)
    yield "_save", "Save"  # the button, which a site's own code may look at


def save(
    caller: Caller,
    model_admin: ModelAdmin,
    request: AdminRequest,
    opened: OpenForm,
    edit: Edit,
) -> Saved:
    """Save as `ModelAdmin._changeform_view` does, and write the history.

    Raises:
        ToolFailed: the form refuses it, or would not do what was asked, or more.
    """
    form, formsets = opened.form, opened.formsets
    change = not form.instance._state.adding  # noqa: SLF001  # documented
    form_is_valid = form.is_valid()
    dropped = dropped_values(form, edit.values) if form_is_valid else []
    record = (
        model_admin.save_form(request, form, change=change)
        if form_is_valid
        else form.instance
    )
    if not all_valid(formsets) or not form_is_valid:
        raise _invalid(opened, edit)
    require_untouched(opened, edit)
    require_applied(opened, edit, dropped)
    if change and not _changes_anything(opened, edit):
        return Saved(record, history="")
    mark = last_entry()
    model_admin.save_model(request, record, form, change=change)
    model_admin.save_related(request, form, formsets, change=change)
    construct: Any = model_admin.construct_change_message
    message = construct(request, form, formsets, add=not change)
    history = _history_text(message, caller)
    log = model_admin.log_change if change else model_admin.log_addition
    log(request, record, history)
    logged = new_entries(caller, model_admin, [str(record.pk)], after=mark)
    return Saved(record, history, tuple(entry.pk for entry in logged))


def _changes_anything(opened: OpenForm, edit: Edit) -> bool:
    if set(opened.form.changed_data) & edit.values.keys():
        return True
    # A row that may be deleted and not changed never says that it has changed.
    return any(
        index in edit.rows_of(formset).deleted or formset.forms[index].has_changed()
        for formset in opened.formsets
        for index in edit.rows_of(formset).replaced
    )


def _history_text(message: Any, caller: Caller) -> str:
    """Return the change message as people read it, and through which client it came."""
    told = message if isinstance(message, str) else json.dumps(message)
    entry = LogEntry(change_message=told)
    return with_client(entry.get_change_message(), caller)


def _invalid(opened: OpenForm, edit: Edit) -> ToolFailed:
    fields = errors_of(opened)
    others = sorted(fields.keys() - edit.names_in(opened) - {NON_FIELD_ERRORS})
    notes = []
    if others:
        notes.append(f"The form also demands: {', '.join(others)}.")
    if chosen := sorted(_wrongly_chosen(opened)):
        notes.append(f"Choices go by id: lookup_choices for {', '.join(chosen)}.")
    return ToolFailed(
        "The values are not valid. Nothing was changed.",
        code="invalid_values",
        fields=fields,
        following=" ".join(notes),
    )


def _wrongly_chosen(opened: OpenForm) -> Iterator[str]:
    """Name the fields that were given something that is no choice of theirs."""
    rows = (
        (row, f"{row_name(formset, index)}.")
        for formset in opened.formsets
        for index, row in enumerate(formset.forms)
    )
    for form, prefix in ((opened.form, ""), *rows):
        for name in form.errors:
            if any(form.has_error(name, code) for code in _NO_CHOICE):
                yield prefix + name


def errors_of(opened: OpenForm) -> dict[str, list[str]]:
    """Return the messages of form and rows by field; rows as `row_name` has them."""
    fields = {
        name: _told(name, errors, opened.form)
        for name, errors in opened.form.errors.items()
    }
    for formset in opened.formsets:
        if not formset.is_valid():
            fields |= _row_errors(formset)
    return fields


def _told(name: str, errors: Any, form: Any) -> list[str]:
    """Return the form's messages, and why an agent cannot mend the field, if so.

    Of a field that is not shown they are left out: they may hold its value.
    """
    field = form.fields.get(name)
    obstacle = obstacle_to(name, form) if field is not None else None
    shown = [] if field is not None and is_secret(name, field) else map(str, errors)
    return [*shown, *([obstacle] if obstacle else [])]


def _row_errors(formset: Any) -> dict[str, list[str]]:
    errors = {
        f"{row_name(formset, index)}.{name}": _told(name, messages, row)
        for index, row in enumerate(formset.forms)
        for name, messages in row.errors.items()
    }
    general = list(formset.non_form_errors())
    return errors | ({str(formset.prefix): general} if general else {})


def read_back(model_admin: ModelAdmin, record: Model) -> Model:
    """Return the record as it is stored, also where the user cannot see it.

    Raises:
        ToolFailed: it is not stored.
    """
    found: Model | None = every_row(model_admin).filter(pk=record.pk).first()
    if found is None:
        raise ToolFailed(
            "The site's own code did not save the record, so nothing was changed.",
            code="not_applied",
        )
    return found


def every_row(model_admin: ModelAdmin) -> QuerySet:
    """Return all rows of the model, as they are stored, also those out of sight."""
    every: Manager = model_admin.model._base_manager  # noqa: SLF001  # documented
    return every.using(router.db_for_write(model_admin.model))
