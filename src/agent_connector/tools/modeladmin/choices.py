"""The choices of a form field: what its widget offers this user, and nothing more.

A widget that lists its choices shows them to everybody who sees the form. One that
looks them up asks the admin of the other model, whose permissions and rows then count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.widgets import AutocompleteMixin

from agent_connector.policy.exposure import is_sensitive_field
from agent_connector.tools.modeladmin.find import related_admin
from agent_connector.tools.modeladmin.links import (
    autocomplete_path,
    list_path,
    record_path,
    site_of,
)
from agent_connector.tools.modeladmin.paths import hidden_on
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.sealed import seal
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet

    from agent_connector.policy.caller import Caller

MAX_SCANNED = 2_000
"""Records whose labels are compared in one call, where a widget has no search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice: what to send for it, and how people read it."""

    id: str
    label: str
    record: Model | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One page of choices; `following` is where the next begins, 0 at the end."""

    found: list[Choice]
    following: int = 0


def is_relation(field: forms.Field) -> bool:
    return getattr(field, "queryset", None) is not None


def has_choices(field: forms.Field) -> bool:
    return is_relation(field) or isinstance(field, forms.ChoiceField)


def lists_all(field: forms.Field) -> bool:
    """Say whether the widget lists its choices to everybody who sees the form."""
    widget = _widget_of(field)
    lists = isinstance(widget, forms.widgets.ChoiceWidget)
    return lists and not isinstance(widget, AutocompleteMixin)


def choices_of(
    request: AdminRequest,
    field: forms.Field,
    *,
    query: str = "",
    start: int = 0,
    limit: int,
) -> Choices:
    """Return the choices whose label or search matches `query`, from `start` on."""
    if not is_relation(field):
        return _matching(_listed(field), query, start=start, limit=limit)
    rows = offered_rows(request, field, query)
    if rows is None:
        return Choices(found=[])
    if query and not _is_searched(request, field):
        part = rows[start : start + MAX_SCANNED]
        found = _matching(_related(field, part), query, start=0, limit=limit)
        if found.following:
            return Choices(found=found.found, following=start + found.following)
        more = rows[start + MAX_SCANNED : start + MAX_SCANNED + 1].exists()
        return Choices(found=found.found, following=(start + MAX_SCANNED) * more)
    part = rows[start : start + limit + 1]
    return _matching(_related(field, part), "", start=0, limit=limit, base=start)


def offered_rows(
    request: AdminRequest, field: forms.Field, query: str
) -> QuerySet | None:
    """Return the records that the widget offers, or None if it shows this user none."""
    rows: QuerySet = field.queryset.all()  # type: ignore[attr-defined]  # a relation
    key = getattr(field, "to_field_name", None) or ""
    if is_sensitive_field(key) or key in hidden_on(rows.model, request.caller):
        return None
    if not lists_all(field):
        found = _looked_up_in(request, field)
        if found is None:
            return None
        seen = _seen_rows(request.caller, field, found, query)
        rows = seen.filter(pk__in=rows.order_by().values("pk"))
    return rows if rows.ordered else rows.order_by("pk")


def links_to(request: AdminRequest, records: list[Model]) -> dict[Any, str]:
    """Return the pages of those records that the user may view, by key."""
    found = related_admin(request, type(records[0])) if records else None
    if found is None:
        return {}
    keys = [record.pk for record in records]
    seen = found.get_queryset(request).filter(pk__in=keys)
    return {
        record.pk: site_of(request.caller) + record_path(found, record.pk)
        for record in seen
        if found.has_view_or_change_permission(request, record)
    }


def _widget_of(field: forms.Field) -> forms.Widget:
    """Return the widget itself, also from inside the admin's wrapper."""
    inner: Any = getattr(field.widget, "widget", None)
    return inner if isinstance(inner, forms.Widget) else field.widget


def _looked_up_in(request: AdminRequest, field: Any) -> ModelAdmin | None:
    """Return the admin that a widget with a look-up asks, if it answers this user."""
    found = related_admin(request, field.queryset.model)
    if found is None or not isinstance(_widget_of(field), AutocompleteMixin):
        return found
    # As AutocompleteJsonView: the permission to change is not enough.
    return found if found.has_view_permission(request) else None


def _seen_rows(
    caller: Caller, field: Any, found: ModelAdmin, query: str
) -> QuerySet[Any]:
    """Return the rows of the other model's admin, searched as the widget searches."""
    sealed = seal(found)
    widget: Any = _widget_of(field)
    if isinstance(widget, AutocompleteMixin):
        meta = widget.field.model._meta
        asked = {
            "term": query,
            "app_label": meta.app_label,
            "model_name": meta.model_name,
            "field_name": widget.field.name,
        }
        request = AdminRequest(caller, path=autocomplete_path(), query=asked)
    else:
        popup = {IS_POPUP_VAR: "1", TO_FIELD_VAR: field.to_field_name or "id"}
        request = AdminRequest(caller, path=list_path(found), query=popup)
    every = sealed.get_queryset(request)
    rows, is_doubled = sealed.get_search_results(
        request, every, query if _searches(sealed, request) else ""
    )
    if rows.query.is_sliced:
        # The site keeps its lists short; a slice could not be narrowed any more.
        return every.filter(pk__in=rows.values("pk")) if query else every
    return rows.distinct() if is_doubled else rows


def _is_searched(request: AdminRequest, field: forms.Field) -> bool:
    """Say whether the database has searched already."""
    found = None if lists_all(field) else _looked_up_in(request, field)
    return found is not None and _searches(seal(found), request)


def _searches(sealed: ModelAdmin, request: AdminRequest) -> bool:
    own = type(sealed).get_search_results is not ModelAdmin.get_search_results
    return own or bool(sealed.get_search_fields(request))


def _related(field: Any, records: Iterable[Model]) -> Iterable[Choice]:
    for record in records:
        yield Choice(
            id=str(field.prepare_value(record)),
            label=text(
                str(field.label_from_instance(record)), limit=SHORT_TEXT_CHARACTERS
            ),
            record=record,
        )


def _listed(field: Any) -> Iterable[Choice]:
    """Return the choices of a field without records, those of groups among them."""
    # A list, so that choices made by a callable are asked for once.
    for value, label in list(field.choices):
        pairs = label if isinstance(label, (list, tuple)) else [(value, label)]
        for one, name in pairs:
            if one not in (None, ""):
                yield Choice(
                    id=str(one), label=text(str(name), limit=SHORT_TEXT_CHARACTERS)
                )


def _matching(
    choices: Iterable[Choice], query: str, *, start: int, limit: int, base: int = 0
) -> Choices:
    """Return up to `limit` choices with `query` in their label, from `start` on."""
    found: list[Choice] = []
    for place, choice in enumerate(choices):
        if place < start or query.lower() not in choice.label.lower():
            continue
        if len(found) == limit:
            return Choices(found=found, following=base + place)
        found.append(choice)
    return Choices(found=found)
