"""Open the form of the admin's add or change page with its inlines, as Django does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import flatten_fieldsets

from agent_connector.tools.modeladmin.reach import keep_within_reach
from agent_connector.tools.modeladmin.settable import is_secret

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import InlineModelAdmin
    from django.db.models import Model
    from django.forms import BaseInlineFormSet, ModelForm

    from agent_connector.tools.modeladmin.request import AdminRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """A form of the admin: bound to the request's POST, or showing what there is."""

    form: ModelForm
    formsets: list[BaseInlineFormSet]
    inlines: list[InlineModelAdmin]


def open_form(
    model_admin: ModelAdmin,
    request: AdminRequest,
    record: Model | None,
    *,
    adding: bool | None = None,
) -> OpenForm:
    """Return the form of an existing record, or of one to add, with its inlines.

    Without a record and not `adding`: the form that changes records in general.

    Follows `ModelAdmin._changeform_view` line by line, of which a contract test
    watches the parts that are not documented.
    """
    adding = record is None if adding is None else adding
    form_class = change_form_class(model_admin, request, record, change=not adding)
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, instance=record)
    elif adding:
        form = form_class(initial=model_admin.get_changeform_initial_data(request))
    else:
        form = form_class(instance=record)
    undocumented: Any = model_admin
    formsets, inlines = undocumented._create_formsets(  # noqa: SLF001
        request, form.instance, change=record is not None
    )
    if request.method == "POST":
        rows = (row for formset in formsets for row in formset.forms)
        keep_within_reach(request, [form, *rows])
    return OpenForm(form=form, formsets=formsets, inlines=inlines)


def change_form_class(
    model_admin: ModelAdmin,
    request: AdminRequest,
    record: Model | None,
    *,
    change: bool,
) -> type[ModelForm]:
    """Return the class of the change form; None asks for records in general.

    Without `change` it is the class of the form that adds a record.
    """
    fieldsets = model_admin.get_fieldsets(request, record)
    return model_admin.get_form(
        request, record, change=change, fields=flatten_fieldsets(fieldsets)
    )


def shown_names(
    model_admin: ModelAdmin, request: AdminRequest, opened: OpenForm
) -> list[str]:
    """Return the names that the change page shows this user, secrets left out.

    Fields of the form, and read-only ones; nothing that the admin excludes.
    """
    record = opened.form.instance
    names = flatten_fieldsets(model_admin.get_fieldsets(request, record))
    fields = opened.form.fields
    read_only = read_only_names(model_admin, request, record)
    excluded = model_admin.get_exclude(request, record) or ()
    return [
        name
        for name in names
        if (name in fields or (name in read_only and name not in excluded))
        and not is_secret(_text_of(name), fields.get(name))
    ]


def read_only_names(
    model_admin: ModelAdmin, request: AdminRequest, record: Model | None
) -> list[Any]:
    """Return what is shown without being editable: all of it for who may only view."""
    if model_admin.has_change_permission(request, record):
        return list(model_admin.get_readonly_fields(request, record))
    return flatten_fieldsets(model_admin.get_fieldsets(request, record))


def _text_of(name: Any) -> str:
    return name if isinstance(name, str) else getattr(name, "__name__", "")
