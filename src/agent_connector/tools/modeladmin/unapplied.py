"""Notice what a form did not do as it was asked: a success must be the whole truth."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.edit import Edit, row_name, row_pk
from agent_connector.tools.modeladmin.encode import encode_value
from agent_connector.tools.modeladmin.request import posted

if TYPE_CHECKING:
    from django.db.models import Model

    from agent_connector.tools.modeladmin.form import OpenForm

NOT_APPLIED = "The admin did not take this value."
NOT_ADDED = "This row is like a blank one, which the admin does not add."
NOT_DELETED = "The admin did not delete this row."
NOT_KEPT = "The present value cannot be sent back unchanged."


def require_untouched(opened: OpenForm, edit: Edit) -> None:
    """Raise unless only what was asked for is about to change.

    Raises:
        ToolFailed: a field or row that nobody asked about would change, because the
            site uses a widget that we cannot write.
    """
    wrong = []
    if not opened.form.instance._state.adding:  # noqa: SLF001  # documented
        wrong += _touched(opened.form, edit.values)
    for formset in opened.formsets:
        rows = edit.rows_of(formset)
        for index, row in enumerate(formset.forms):
            if row.has_changed() and index not in rows.whole:
                touched = _touched(row, rows.values.get(index, {}))
                wrong += [f"{row_name(formset, index)}.{name}" for name in touched]
    if wrong:
        raise ToolFailed(
            "This record cannot be changed through this tool without harm."
            " Nothing was changed.",
            code="cannot_keep",
            fields={name: [NOT_KEPT] for name in wrong},
        )


def require_applied(opened: OpenForm, edit: Edit, dropped: list[str]) -> None:
    """Raise unless the bound, valid forms are about to do what was asked.

    `dropped` are the fields of the record's own form that `dropped_values` named.

    Raises:
        ToolFailed: a value was asked for and the form dropped it.
    """
    wrong = _not_applied(dropped)
    for formset in opened.formsets:
        rows = edit.rows_of(formset)
        for index, values in rows.values.items():
            row, name = formset.forms[index], row_name(formset, index)
            wrong |= _not_applied(dropped_values(row, values), row=name)
            if index >= rows.stored and not row.has_changed():
                wrong[name] = [NOT_ADDED]
        for index in rows.deleted:
            if formset.forms[index] not in formset.deleted_forms:
                wrong[row_name(formset, index)] = [NOT_DELETED]
    _refuse(wrong)


def require_stored(opened: OpenForm, edit: Edit, record: Model) -> None:
    """Raise unless what the forms accepted is what is stored now.

    `record` is what the form was about, as it was read back.

    Raises:
        ToolFailed: the site's own code put another value in its place.
    """
    form = opened.form
    wrong = _not_applied(_replaced(form, type(form)(instance=record), edit.values))
    for formset in opened.formsets:
        rows = edit.rows_of(formset)
        for index, values in rows.values.items():
            row, name = formset.forms[index], row_name(formset, index)
            kwargs = formset.get_form_kwargs(index)
            wrong |= _not_applied(_replaced_in_row(row, kwargs, values), row=name)
        for index in rows.deleted:
            if formset.get_queryset().filter(pk=row_pk(formset.forms[index])).exists():
                wrong[row_name(formset, index)] = [NOT_DELETED]
    _refuse(wrong)


def _touched(form: forms.ModelForm, asked: Container[str]) -> list[str]:
    """Return the fields that nobody asked about and that would change."""
    return [
        name
        for name in form.changed_data
        if name not in asked and not _is_only_trimmed(form, name)
    ]


def dropped_values(form: forms.ModelForm, asked: dict[str, Any]) -> list[str]:
    """Return the fields whose value a valid form did not take.

    Ask before the form saves: a form may take values out of `cleaned_data` then.
    """
    return [name for name, value in asked.items() if _is_dropped(form, name, value)]


def _replaced(
    form: forms.ModelForm, stored: forms.ModelForm, asked: Container[str]
) -> list[str]:
    """Return the fields that hold another value than the form accepted."""
    return [
        name
        for name in form.changed_data
        if name in asked
        and name in stored.fields
        and _is_stored_in_model(form, name)
        and _differs(stored, name, form.cleaned_data.get(name))
    ]


def _replaced_in_row(
    row: forms.ModelForm, kwargs: dict[str, Any], asked: Collection[str]
) -> list[str]:
    every: Any = type(row.instance)._base_manager  # noqa: SLF001  # documented
    found = every.using(row.instance._state.db).filter(pk=row.instance.pk).first()  # noqa: SLF001  # the same
    if found is None:
        return list(asked)
    return _replaced(row, type(row)(instance=found, **kwargs), asked)


def _not_applied(names: list[str], *, row: str = "") -> dict[str, list[str]]:
    prefix = f"{row}." if row else ""
    return {prefix + name: [NOT_APPLIED] for name in names}


def _refuse(wrong: dict[str, list[str]]) -> None:
    if wrong:
        raise ToolFailed(
            "Not everything was applied, so nothing was changed.",
            code="not_applied",
            fields=wrong,
        )


def _is_dropped(form: forms.ModelForm, name: str, value: Any) -> bool:
    cleaned, initial = form.cleaned_data.get(name), form[name].initial
    empty = form.fields[name].empty_values
    if _is_empty(cleaned, empty) and not _is_empty(value, empty):
        return True
    if name in form.changed_data:
        return not _differs(form, name, cleaned)
    # The widget said that nothing changes: believe it only where values agree.
    if isinstance(form.fields[name], forms.ModelMultipleChoiceField):
        return _differs(form, name, value)
    if isinstance(value, str) and isinstance(initial, str):
        return value.split() != initial.split()
    return type(value) is type(initial) and bool(value != initial)


def _is_empty(value: Any, empty_values: Sequence[Any]) -> bool:
    if hasattr(value, "exists"):  # the chosen records of a many-to-many field
        return not value.exists()
    return value in empty_values


def _differs(form: forms.BaseForm, name: str, cleaned: Any) -> bool:
    """Say whether sending `cleaned` would change what the form shows."""
    field, bound = form.fields[name], form[name]
    prepared = field.prepare_value(cleaned)
    data = posted(encode_value(field.widget, bound.html_name, prepared))
    sent = field.widget.value_from_datadict(data, {}, bound.html_name)
    return bool(field.has_changed(bound.initial, sent))


def _is_only_trimmed(form: forms.BaseForm, name: str) -> bool:
    """Say whether a text loses nothing but the blanks around it, as in a browser."""
    initial = form[name].initial
    if not isinstance(form.fields[name], forms.CharField):
        return False
    return isinstance(initial, str) and initial.strip() == form[name].data.strip()


def _is_stored_in_model(form: forms.ModelForm, name: str) -> bool:
    meta = form.instance._meta
    return name in {field.name for field in (*meta.concrete_fields, *meta.many_to_many)}
