"""Fill the fields that the script of an add page would fill from others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from agent_connector.tools.modeladmin.encode import encode_value
from agent_connector.tools.modeladmin.settable import settable_fields

if TYPE_CHECKING:
    from django import forms

_DEFAULT_LENGTH = 50
"""Of a field without a limit, in the admin's script."""


def prepopulated_values(
    form: forms.BaseForm, fields: Mapping[str, Sequence[str]], given: dict[str, Any]
) -> dict[str, str]:
    """Return what the script fills in where nothing was given and nothing is shown.

    `fields` are the admin's `prepopulated_fields`; `form` shows the page.
    """
    settable = settable_fields(form)
    filled = {
        name: _slug_of(form, sources, given, field=settable[name])
        for name, sources in fields.items()
        if name in settable and name not in given and not form[name].initial
    }
    return {name: value for name, value in filled.items() if value}


def _slug_of(
    form: forms.BaseForm, sources: Sequence[str], given: dict[str, Any], *, field: Any
) -> str:
    texts = [_typed(form, name, given) for name in sources if name in form.fields]
    slug = slugify(
        " ".join(filter(None, texts)),
        allow_unicode=getattr(field, "allow_unicode", False),
    )
    return slug[: getattr(field, "max_length", None) or _DEFAULT_LENGTH].rstrip("-")


def _typed(form: forms.BaseForm, name: str, given: dict[str, Any]) -> str:
    """Return what stands in the input of a field: of a relation that is its key."""
    field, bound = form.fields[name], form[name]
    value = field.prepare_value(given.get(name, bound.initial))
    pairs = encode_value(field.widget, bound.html_name, value)
    return next((text for html_name, text in pairs if html_name == bound.html_name), "")
