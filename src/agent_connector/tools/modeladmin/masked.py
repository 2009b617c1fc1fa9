"""Fields whose widget shows dots instead of the value: secret, whatever their name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django import forms
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget
from django.core.exceptions import ObjectDoesNotExist
from django.forms.models import modelform_factory

from agent_connector.policy.exposure import kin_of
from agent_connector.tools.modeladmin.links import admin_site, index_path
from agent_connector.tools.modeladmin.open_models import model_named
from agent_connector.tools.modeladmin.request import AdminRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.contrib.admin.options import BaseModelAdmin, ModelAdmin
    from django.db.models import Field, Model

    from agent_connector.policy.caller import Caller

_declared: WeakKeyDictionary[type, dict[Any, frozenset[str]]] = WeakKeyDictionary()
"""Worked out once for each class of an admin: inlines are made anew at every call."""

_FIELD_HOOKS = ("formfield_for_dbfield", "formfield_for_choice_field")
_FORM_HOOKS = ("get_form", "get_formset")
_NEEDS_A_RECORD = (
    AttributeError,
    LookupError,
    ObjectDoesNotExist,
    TypeError,
    ValueError,
)
"""How a site's `get_form` fails that was never asked for the form of a new record."""


def is_masked(widget: Any) -> bool:
    """Say whether the widget, given as one or as its class, keeps its value unseen."""
    kind: Any = widget if isinstance(widget, type) else type(widget)
    if _masks_as_class(kind):
        return True
    parts = getattr(widget, "widgets", ())
    return getattr(widget, "input_type", "") == "password" or any(map(is_masked, parts))


@lru_cache(maxsize=1024)
def _masks_as_class(kind: Any) -> bool:
    return issubclass(kind, (forms.PasswordInput, ReadOnlyPasswordHashWidget))


def masked_by(admin: BaseModelAdmin, caller: Caller) -> frozenset[str]:
    """Return the fields that the forms of an admin or inline mask.

    Also those that this user cannot edit: the form of such a user has no widgets.
    """
    known = _declared.setdefault(type(admin), {})
    # Of one class there may be several, for other models or put together otherwise.
    kind = (admin.opts.label, admin.form, *_kinds_overridden(admin))
    if kind not in known:
        known[kind] = _declared_by(admin)
    return known[kind] | _masked_by_hooks(admin, caller)


def _declared_by(admin: BaseModelAdmin) -> frozenset[str]:
    """Return what the class of an admin says, whoever asks."""
    names = _names_masked_in(admin.form.base_fields)
    widgets = getattr(getattr(admin.form, "_meta", None), "widgets", None) or {}
    names |= {name for name, widget in widgets.items() if is_masked(widget)}
    names |= _names_masked_in(_fields_as_made(admin))
    overridden = _kinds_overridden(admin)
    return frozenset(names).union(
        field.name
        for field in admin.opts.concrete_fields
        if isinstance(field, overridden) or _is_masked_by_model(field)
    )


def _kinds_overridden(admin: BaseModelAdmin) -> tuple[type[Any], ...]:
    """Return the kinds of fields to which the admin gives a widget that masks."""
    return tuple(
        kind
        for kind, options in admin.formfield_overrides.items()
        if _overrides_with_mask(options)
    )


def _fields_as_made(admin: BaseModelAdmin) -> dict[str, forms.Field]:
    """Return the fields of a form that puts other widgets in as it is made."""
    if not _changes_itself(admin.form):
        return {}
    form = modelform_factory(admin.model, form=admin.form, fields=forms.ALL_FIELDS)
    try:
        return form().fields
    except _NEEDS_A_RECORD:
        return {}


def masked_on(model: type[Model], caller: Caller) -> frozenset[str]:
    """Return the fields of `model` that any admin of its rows masks."""
    site = admin_site()
    admins = (
        site.get_model_admin(one) for one in kin_of(model) if site.is_registered(one)
    )
    return frozenset().union(*(masked_by(admin, caller) for admin in admins))


def masked_in_call(caller: Caller, name: str) -> frozenset[str]:
    """Return what is masked on the pages of the model that a call names, if any.

    Whether or not the caller may see that model: the record holds refused calls, too.
    """
    site, model = admin_site(), model_named(name)
    if model is None or not site.is_registered(model):
        return frozenset()
    inlines = inlines_of(site.get_model_admin(model), caller)
    return masked_on(model, caller).union(
        *(masked_by(inline(model, site), caller) for inline in inlines),
        *(masked_on(inline.model, caller) for inline in inlines),
    )


def inlines_of(admin: ModelAdmin, caller: Caller) -> set[Any]:
    """Return the inlines that the class declares, and those of this user's request."""
    request = AdminRequest(caller, path=index_path())
    return {*admin.inlines, *admin.get_inlines(request, None)}


def _names_masked_in(fields: Any) -> set[str]:
    return {name for name, field in fields.items() if is_masked(field.widget)}


def _overrides_with_mask(options: Mapping[str, Any]) -> bool:
    form_class = options.get("form_class")
    return is_masked(options.get("widget")) or is_masked(
        getattr(form_class, "widget", None)
    )


def _is_masked_by_model(field: Field[Any, Any]) -> bool:
    """Say whether the kind of field itself brings the widget; Django's own do not."""
    if type(field).formfield.__module__.startswith("django.db.models."):
        return False
    formfield = field.formfield()
    return formfield is not None and is_masked(formfield.widget)


def _masked_by_hooks(admin: Any, caller: Caller) -> set[str]:
    """Ask those methods of the admin that decide at each request, if it has any."""
    by_field = any(_is_own(admin, hook) for hook in _FIELD_HOOKS)
    by_form = any(_is_own(admin, hook) for hook in _FORM_HOOKS)
    if not by_field and not by_form:
        return set()
    request = AdminRequest(caller, path=index_path())
    names = set(_masked_one_by_one(admin, request)) if by_field else set()
    return names | (_names_masked_in(_fields_of(admin, request)) if by_form else set())


def _is_own(admin: Any, hook: str) -> bool:
    method = getattr(type(admin), hook, None)
    return method is not None and not method.__module__.startswith("django.contrib.")


def _masked_one_by_one(admin: BaseModelAdmin, request: AdminRequest) -> Iterator[str]:
    editable: Iterable[Any] = (
        field for field in admin.opts.concrete_fields if field.editable
    )
    for field in editable:
        formfield = admin.formfield_for_dbfield(field, request)
        if formfield is not None and is_masked(formfield.widget):
            yield field.name


def _fields_of(admin: Any, request: AdminRequest) -> dict[str, forms.Field]:
    """Return the fields of the form for a new record.

    Not of one that is there: Django leaves out of that what the user cannot change.
    """
    try:
        if isinstance(admin, InlineModelAdmin):
            found: Any = admin.get_formset(request, None).form
        else:
            found = admin.get_form(request, None)
        if _changes_itself(found):
            made: dict[str, forms.Field] = found().fields
            return made
    except _NEEDS_A_RECORD:
        return {}
    declared: dict[str, forms.Field] = found.base_fields
    return declared


def _changes_itself(form_class: Any) -> bool:
    """Say whether a form puts other widgets in as it is made."""
    return not form_class.__init__.__module__.startswith("django.")
