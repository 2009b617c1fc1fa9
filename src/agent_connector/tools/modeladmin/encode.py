"""Write values as a browser would send them, whatever the widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper

Pairs = Iterator[tuple[str, str]]


def encode_form(form: forms.BaseForm, replaced: dict[str, Any]) -> Pairs:
    """Write an unbound form: what it shows, but for the values in `replaced`.

    `replaced` maps field names to Python values, as the field's `prepare_value`
    takes them.
    """
    for name, field in form.fields.items():
        bound = form[name]
        value = replaced.get(name, bound.initial)
        yield from encode_value(
            field.widget, bound.html_name, field.prepare_value(value)
        )
        if field.show_hidden_initial:
            # Where a default is computed, Django compares with what the page sends
            # back about how the field was shown, not with the record.
            yield from encode_value(
                field.hidden_widget(), bound.html_initial_name, bound.value()
            )


def encode_formset(
    formset: Any,
    replaced: Mapping[int, dict[str, Any]] = MappingProxyType({}),
    *,
    added: int = 0,
) -> Pairs:
    """Write an unbound formset: its stored rows, then `added` new ones.

    `replaced` maps the index of a row to its values, as `encode_form` takes them.
    Rows that the page demands are written even if they are blank.
    """
    stored = len(formset.initial_forms)
    total = max(stored + added, min(formset.min_num, formset.max_num))
    counts = {
        forms.formsets.TOTAL_FORM_COUNT: total,
        forms.formsets.INITIAL_FORM_COUNT: stored,
        forms.formsets.MIN_NUM_FORM_COUNT: formset.min_num,
        forms.formsets.MAX_NUM_FORM_COUNT: formset.max_num,
    }
    for name, count in counts.items():
        yield formset.management_form.add_prefix(name), str(count)
    for index in range(total):
        yield from encode_form(row_form(formset, index), replaced.get(index, {}))


def row_form(formset: Any, index: int) -> forms.BaseModelForm:
    """Return the form of a stored row, or a blank one, as the formset makes them."""
    if index < len(formset.initial_forms):
        row: forms.BaseModelForm = formset.initial_forms[index]
        return row
    blank: forms.BaseModelForm = formset._construct_form(  # noqa: SLF001  # the page shows fewer
        index, **formset.get_form_kwargs(index)
    )
    return blank


def encode_value(widget: forms.Widget, name: str, value: Any) -> Pairs:
    """Write one prepared value under the names that the widget reads back."""
    match widget:
        case RelatedFieldWidgetWrapper():
            yield from encode_value(widget.widget, name, value)
        case forms.MultiWidget():
            yield from _several_widgets(widget, name, value)
        case forms.SelectDateWidget():
            yield from _date_parts(widget, name, value)
        case forms.CheckboxInput():
            if widget.check_test(value):
                yield name, "on"
        case forms.FileInput():
            return
        case _:
            yield from _plain(widget, name, value)


def _several_widgets(widget: Any, name: str, value: Any) -> Pairs:
    parts = value if isinstance(value, (list, tuple)) else widget.decompress(value)
    for part, suffix, item in zip(
        widget.widgets, widget.widgets_names, parts, strict=False
    ):
        yield from encode_value(part, name + suffix, item)


def _plain(widget: forms.Widget, name: str, value: Any) -> Pairs:
    if isinstance(widget, forms.MultipleHiddenInput):
        for item in value or []:
            yield name, str(item)
        return
    formatted: Any = widget.format_value(value)
    if not isinstance(formatted, (list, tuple)):
        yield name, "" if formatted is None else str(formatted)
        return
    if not getattr(widget, "allow_multiple_selected", False):
        formatted = formatted[:1]
    for item in formatted:
        yield name, str(item)


def _date_parts(widget: forms.SelectDateWidget, name: str, value: Any) -> Pairs:
    parts = widget.format_value(value)
    for part, pattern in (
        ("year", widget.year_field),
        ("month", widget.month_field),
        ("day", widget.day_field),
    ):
        yield pattern % name, str(parts[part] or "")
