"""Let a form tie records only to those that its widgets offer the user.

Behind a widget that looks records up, Django takes any key, and then shows its label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from agent_connector.tools.modeladmin.choices import (
    is_relation,
    lists_all,
    offered_rows,
)
from agent_connector.tools.modeladmin.links import admin_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django import forms
    from django.db.models import QuerySet

    from agent_connector.tools.modeladmin.request import AdminRequest


def keep_within_reach(request: AdminRequest, bound: Iterable[forms.BaseForm]) -> None:
    """Make hidden records of the bound forms' fields the same as missing ones.

    What a record is tied to already may stay.
    """
    offered: dict[Any, QuerySet | None] = {}
    for form in bound:
        for name, field in form.fields.items():
            if not _is_judged(field):
                continue
            kind = type(form), name
            if kind not in offered:
                offered[kind] = offered_rows(request, field, "")
            _narrow(form, name, field, offered[kind])


def _is_judged(field: Any) -> bool:
    """Say whether the widget looks records up in an admin that may hide some.

    An account that is known may be named: to whom a record belongs is ordinary work.
    """
    if not is_relation(field) or lists_all(field):
        return False
    model = field.queryset.model
    is_user = issubclass(model, get_user_model())
    return not is_user and admin_site().is_registered(model)


def _narrow(form: Any, name: str, field: Any, offered: QuerySet | None) -> None:
    present = form.get_initial_for_field(field, name)
    listed = present if isinstance(present, (list, tuple)) else [present]
    tied = [field.prepare_value(one) for one in listed if one not in (None, "")]
    reach = Q(**{f"{field.to_field_name or 'pk'}__in": tied})
    if offered is not None:
        reach |= Q(pk__in=offered.order_by().values("pk"))
    field.queryset = field.queryset.filter(reach)
