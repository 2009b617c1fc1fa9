"""Which fields of an admin form an agent may set, and why not the others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import InlineForeignKeyField

from agent_connector.policy.exposure import is_exposed, is_sensitive_field
from agent_connector.tools.modeladmin.masked import is_masked
from agent_connector.tools.modeladmin.narrowed_form import FIXED, HIDDEN

KEY = "The key of a record is kept: under another key, Django would save a copy."
PARENT = "A row belongs to the record on whose page it stands."
DELETE = "Name the row in `delete` instead."
FILE = "Files cannot be sent through this tool."
READ_ONLY = "This field is read-only."
WITHHELD = "This field is withheld from agents."
RIGHTS = frozenset({"is_staff", "is_superuser"})
"""Fields of a user that give rights, also where code lets agents change users."""


def is_secret(name: str, field: forms.Field | None = None) -> bool:
    """Say whether agents neither see nor set a field: a credential, or hidden."""
    if is_sensitive_field(name) or getattr(field, HIDDEN, False):
        return True
    return field is not None and is_masked(field.widget)


def obstacle_to(name: str, form: forms.BaseForm) -> str | None:
    """Return why an agent may not set this field of a form or row, or None."""
    field = form.fields[name]
    if is_secret(name, field) or _hands_out_rights(name, form):
        return WITHHELD
    if field.disabled:
        return READ_ONLY
    if isinstance(field, (forms.FileField, forms.FilePathField)):
        return FILE
    return _obstacle_of_row(name, form) or (KEY if _keeps_key(name, form) else None)


def settable_fields(form: forms.BaseForm) -> dict[str, forms.Field]:
    """Return the fields of the form that an agent may set, by name."""
    fields = form.fields.items()
    return {name: field for name, field in fields if not obstacle_to(name, form)}


def _obstacle_of_row(name: str, form: forms.BaseForm) -> str | None:
    """Return what stands against a field that a formset adds to its rows."""
    if isinstance(form.fields[name], InlineForeignKeyField):
        return PARENT
    is_own = name in getattr(
        form, "base_fields", ()
    )  # a site's field may have this name, too
    return DELETE if name == DELETION_FIELD_NAME and not is_own else None


def _keeps_key(name: str, form: forms.BaseForm) -> bool:
    """Say whether the field is a key that is stored, or that nobody types in."""
    if not isinstance(form, forms.BaseModelForm):
        return False
    fields = form.instance._meta.concrete_fields  # an inherited key is among them
    is_key = any(field.primary_key and field.name == name for field in fields)
    return is_key and (form[name].is_hidden or not form.instance._state.adding)  # noqa: SLF001  # documented


def _hands_out_rights(name: str, form: forms.BaseForm) -> bool:
    """Say whether the field ties to a withheld model, such as groups or permissions.

    Or makes a user staff or a superuser. A user may be chosen: to whom a record belongs
    is ordinary work.
    """
    field = form.fields[name]
    if getattr(field, FIXED, False):
        return True
    owner = getattr(form, "instance", None)
    if name in RIGHTS and isinstance(owner, get_user_model()):
        return True
    queryset: Any = getattr(field, "queryset", None)
    if queryset is None:
        return False
    users = get_user_model()
    return not (
        issubclass(queryset.model, users)
        or is_exposed(queryset.model, user_model=users)
    )
