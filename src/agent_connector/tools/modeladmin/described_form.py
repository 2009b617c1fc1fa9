"""Describe the form of an add or change page and its inlines, for one user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.forms.formsets import DEFAULT_MAX_NUM

from agent_connector.policy.exposure import label_of
from agent_connector.tools.modeladmin.form import read_only_names
from agent_connector.tools.modeladmin.list_models import May
from agent_connector.tools.modeladmin.schema import field_schema
from agent_connector.tools.modeladmin.sealed import name_of
from agent_connector.tools.modeladmin.settable import (
    is_secret,
    obstacle_to,
    settable_fields,
)
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, plain

if TYPE_CHECKING:
    from django import forms
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
    from django.forms import BaseInlineFormSet

    from agent_connector.tools.modeladmin.page import Page


class Named(msgspec.Struct, frozen=True):
    name: str
    label: str


class InlineDescribed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Rows that are edited on the page of the record that they belong to."""

    model: str
    label: str
    may: May
    fields: dict[str, Any]
    required: list[str] = []
    read_only: list[str] = []
    min: int = 0
    max: Annotated[int, msgspec.Meta(description="-1: as many as the site takes.")] = -1


class FormDescribed(msgspec.Struct, frozen=True, kw_only=True):
    """What may be set on a page, and what is only shown."""

    fields: dict[str, Any]
    required: list[str]
    read_only: list[Named]
    not_settable: dict[str, str]
    inlines: dict[str, InlineDescribed]


def describe_form(model_admin: ModelAdmin, page: Page) -> FormDescribed:
    """Return the fields of the page for this user, with those of its inlines."""
    fields = settable_fields(page.form)
    return FormDescribed(
        fields=_schema(page, page.form, fields),
        required=_required(fields),
        read_only=_read_only(model_admin, page),
        not_settable={
            name: obstacle
            for name, field in page.form.fields.items()
            if (obstacle := obstacle_to(name, page.form)) and not is_secret(name, field)
        },
        inlines={
            prefix: _inline(page, formset, inline)
            for prefix, (formset, inline) in page.inlines.items()
        },
    )


def _schema(
    page: Page, form: forms.BaseForm, fields: dict[str, forms.Field]
) -> dict[str, Any]:
    """Return JSON Schema of `values`; a new record's own defaults stand in it."""
    return {
        "type": "object",
        "properties": {
            name: field_schema(name, field, form=form, request=page.request)
            | (_default(form, name) if page.adding else {})
            for name, field in fields.items()
        },
        "additionalProperties": False,
    }


def _default(form: forms.BaseForm, name: str) -> dict[str, Any]:
    initial = plain(form[name].initial, limit=SHORT_TEXT_CHARACTERS)
    return {} if initial in (None, "", [], False) else {"default": initial}


def _required(fields: dict[str, forms.Field]) -> list[str]:
    return [name for name, field in fields.items() if field.required]


def _read_only(model_admin: ModelAdmin, page: Page) -> list[Named]:
    names = flatten_fieldsets(model_admin.get_fieldsets(page.request, page.record))
    excluded = model_admin.get_exclude(page.request, page.record) or ()
    read_only = read_only_names(model_admin, page.request, page.record)
    return [
        Named(name=name_of(name), label=_label(name, model_admin, page.form))
        for name in names
        if name in read_only
        and name not in page.form.fields
        and name not in excluded
        and not is_secret(name_of(name))
    ]


def _label(name: Any, model_admin: BaseModelAdmin, form: Any) -> str:
    return str(label_for_field(name, model_admin.model, model_admin, form=form))


def _inline(
    page: Page, formset: BaseInlineFormSet, inline: InlineModelAdmin
) -> InlineDescribed:
    names = flatten_fieldsets(inline.get_fieldsets(page.request, page.record))
    form: Any = formset.empty_form
    may = _may_of(page, formset, inline)
    fields = {
        name: field
        for name, field in settable_fields(form).items()
        if name in names and (may.add or may.change)
    }
    shown = [one for one in map(name_of, names) if one not in fields]
    return InlineDescribed(
        model=label_of(inline.model),
        label=str(inline.verbose_name_plural),
        may=may,
        fields=_schema(page, form, fields),
        required=_required(fields),
        read_only=[
            name for name in shown if not is_secret(name, form.fields.get(name))
        ],
        min=formset.min_num,
        max=-1 if formset.max_num >= DEFAULT_MAX_NUM else formset.max_num,
    )


def _may_of(page: Page, formset: BaseInlineFormSet, inline: InlineModelAdmin) -> May:
    asked = page.request, page.record
    return May(
        add=inline.has_add_permission(*asked) and formset.max_num > 0,
        change=inline.has_change_permission(*asked),
        delete=formset.can_delete and inline.has_delete_permission(*asked),
    )
