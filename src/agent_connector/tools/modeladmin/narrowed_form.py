"""Mark the fields of a form that agents neither see nor set, and leave them in it.

The form stays whole: what it demands and what it keeps is as the site made it.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model

from agent_connector.tools.modeladmin.open_models import is_taken_away

if TYPE_CHECKING:
    from django import forms

    from agent_connector.policy.caller import Caller
    from agent_connector.tools.modeladmin.narrowed import Narrowing

HIDDEN = "agent_hidden"
"""Attribute of a field that is neither shown nor set."""
FIXED = "agent_fixed"
"""Attribute of a field that is shown and not set."""


def narrow_form(form: Any, narrowing: Narrowing) -> type[Any]:
    """Return a subclass of the class `form` whose fields bear their marks."""
    hidden, caller = narrowing.hidden_fields, narrowing.caller

    def init(self: Any, *args: Any, **options: Any) -> None:
        super(narrowed, self).__init__(*args, **options)
        _mark(self.fields, hidden, caller)

    names = {"__init__": init, "__module__": form.__module__}
    narrowed: type[Any] = type(form)(form.__name__, (form,), names)
    # What the site has put into the class since it was made would be lost.
    narrowed.base_fields = {
        name: copy.copy(field) for name, field in form.base_fields.items()
    }
    _mark(narrowed.base_fields, hidden, caller)
    return narrowed


def narrow_formset(formset: type[Any], narrowing: Narrowing) -> type[Any]:
    """Return a subclass of the formset with such a form for its rows."""
    form = narrow_form(formset.form, narrowing)
    return type(formset.__name__, (formset,), {"form": form})


def _mark(
    fields: dict[str, forms.Field], hidden: frozenset[str], caller: Caller
) -> None:
    for name, field in fields.items():
        if name in hidden:
            setattr(field, HIDDEN, True)
        elif _ties_to_unknown(field, caller):
            setattr(field, FIXED, True)


def _ties_to_unknown(field: forms.Field, caller: Caller) -> bool:
    """Say whether the field ties to a model that agents may not know.

    A user may be chosen: to whom a record belongs is ordinary work.
    """
    queryset: Any = getattr(field, "queryset", None)
    if queryset is None or issubclass(queryset.model, get_user_model()):
        return False
    return is_taken_away(caller, queryset.model)
