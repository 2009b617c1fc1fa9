"""Notice what a form did not do as it was asked: a success must be the whole truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.encode import encode_value
from agent_connector.tools.modeladmin.request import posted

if TYPE_CHECKING:
    from agent_connector.tools.modeladmin.form import OpenForm

NOT_APPLIED = "The admin did not take this value."
NOT_KEPT = "The present value cannot be sent back unchanged."


def require_untouched(opened: OpenForm, *, asked: set[str]) -> None:
    """Raise unless only what was asked for is about to change.

    Raises:
        ToolFailed: a field or row that nobody asked about would change, because the
            site uses a widget that we cannot write.
    """
    wrong = {
        name: [NOT_KEPT]
        for name in opened.form.changed_data
        if name not in asked and not _is_only_trimmed(opened.form, name)
    }
    for formset in opened.formsets:
        for row in formset.initial_forms:
            changed = [
                one for one in row.changed_data if not _is_only_trimmed(row, one)
            ]
            wrong |= {row.add_prefix(name): [NOT_KEPT] for name in changed}
    if wrong:
        raise ToolFailed(
            "This record cannot be changed through this tool without harm."
            " Nothing was changed.",
            code="cannot_keep",
            fields=wrong,
        )


def require_applied(form: forms.ModelForm, asked: dict[str, Any]) -> None:
    """Raise unless the bound, valid form is about to do what was asked.

    Raises:
        ToolFailed: a value was asked for and the form dropped it.
    """
    dropped = [name for name, value in asked.items() if _is_dropped(form, name, value)]
    _refuse(dropped)


def require_stored(
    form: forms.ModelForm, stored: forms.ModelForm, asked: set[str]
) -> None:
    """Raise unless what the form accepted is what the record holds after saving.

    `stored` is a fresh form of the record as it was read back.

    Raises:
        ToolFailed: the site's own code put another value in its place.
    """
    _refuse(
        [
            name
            for name in form.changed_data
            if name in asked
            and name in stored.fields
            and _is_stored_in_model(form, name)
            and _differs(stored, name, form.cleaned_data.get(name))
        ]
    )


def _refuse(names: list[str]) -> None:
    if names:
        raise ToolFailed(
            "Not every value was applied, so nothing was changed.",
            code="not_applied",
            fields={name: [NOT_APPLIED] for name in names},
        )


def _is_dropped(form: forms.ModelForm, name: str, value: Any) -> bool:
    cleaned, initial = form.cleaned_data.get(name), form[name].initial
    empty = form.fields[name].empty_values
    if _is_empty(cleaned, empty) and not _is_empty(value, empty):
        return True
    if name in form.changed_data:
        return not _differs(form, name, cleaned)
    # The widget said that nothing changes: believe it only where values agree.
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
