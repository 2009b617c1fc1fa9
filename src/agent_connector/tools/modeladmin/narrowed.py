"""A ModelAdmin with what its site takes away from agents taken away.

A copy for one call: the site's own overrides stay in force, and what they return is
made less. Nothing is added.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.admin.utils import flatten_fieldsets

from agent_connector.policy.agent_access import (
    AgentAccess,
    access_to,
    declared_by,
    together,
)
from agent_connector.tools.definition import ToolRefused
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.masked import masked_by, masked_on
from agent_connector.tools.modeladmin.narrowed_form import narrow_form, narrow_formset
from agent_connector.tools.modeladmin.open_models import is_open_to, may_be_chosen
from agent_connector.tools.modeladmin.paths import (
    hidden_behind,
    model_at,
    ordering_paths,
    reaches,
)
from agent_connector.tools.modeladmin.sealed import name_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller

    _Base = BaseModelAdmin
    _ModelBase = ModelAdmin
    _InlineBase = InlineModelAdmin
else:
    _Base = _ModelBase = _InlineBase = object

Admin = TypeVar("Admin", bound="BaseModelAdmin")

NARROWING = "agent_narrowing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What is left of one admin for one caller."""

    caller: Caller
    access: AgentAccess
    hidden_fields: frozenset[str]
    """What the site hides, and what its own forms mask."""

    judged: dict[str, bool] = field(default_factory=dict)
    """Paths that were asked about: a list asks several times for each of its columns."""

    known: dict[type[Model], frozenset[str] | None] = field(default_factory=dict)
    """What is hidden behind relations: several paths lead through each."""

    def keeps(self, admin: BaseModelAdmin, thing: Any) -> bool:
        """Say whether a column, filter or search field leads to nothing hidden."""
        return not self.hides_path(admin, name_of(thing))

    def hides_path(self, admin: BaseModelAdmin, path: str) -> bool:
        if path not in self.judged:
            self.judged[path] = reaches(
                admin.model, path, hidden=self.hidden_fields, behind=self._behind
            )
        return self.judged[path]

    def _behind(self, model: type[Model]) -> frozenset[str] | None:
        if model not in self.known:
            self.known[model] = hidden_behind(model, caller=self.caller)
        return self.known[model]


def narrow(admin: Admin, caller: Caller) -> Admin:
    """Return a copy of an admin, or of an inline, as this caller's agents meet it."""
    access = together(access_to(admin.model, site=admin_site()), declared_by(admin))
    if caller.limits.read_only:
        access = together(access, AgentAccess(read_only=True))
    narrowed: Any = copy.copy(admin)
    narrowed.__class__ = _narrowed_class(type(admin))
    narrowing = Narrowing(
        caller=caller,
        access=access,
        hidden_fields=frozenset(access.hidden_fields)
        | masked_by(admin, caller)
        | masked_on(admin.model, caller),
    )
    narrowed.agent_narrowing = narrowing
    by_date = getattr(admin, "date_hierarchy", None)
    if by_date and narrowing.hides_path(admin, by_date):
        narrowed.date_hierarchy = None
    return cast("Admin", narrowed)


def require_writable(admin: BaseModelAdmin) -> None:
    """Raise where agents may only read records of this kind.

    Raises:
        ToolRefused: says so; no permission of the user would help.
    """
    narrowing: Narrowing | None = getattr(admin, NARROWING, None)
    if narrowing is not None and narrowing.access.read_only:
        raise read_only_refusal(admin.opts.verbose_name_plural)


def read_only_refusal(kind: Any) -> ToolRefused:
    return ToolRefused(
        f"This site lets agents only read {kind}. Nothing was changed.",
        code="model_read_only",
        following="A person can change it in the admin.",
        reason="model_read_only",
    )


class _Narrowed(_Base):
    """What a ModelAdmin and an inline have in common."""

    agent_narrowing: Narrowing

    def has_add_permission(self, request: Any, *args: Any) -> bool:
        if self.agent_narrowing.access.read_only:
            return False
        return super().has_add_permission(request, *args)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        if self.agent_narrowing.access.read_only:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        if self.agent_narrowing.access.read_only:
            return False
        return super().has_delete_permission(request, obj)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Leave out what is hidden and only shown.

        A hidden field of the form stays in it, so that saving keeps its value.
        """
        fieldsets = super().get_fieldsets(request, obj)
        hidden = self.agent_narrowing.hidden_fields
        if not hidden:
            return fieldsets
        names = flatten_fieldsets(fieldsets)
        shown = names if self._only_shows(request, obj) else self._fixed(request, obj)
        dropped = {name for name in map(name_of, shown) if name in hidden}
        return [
            (title, {**options, "fields": _without(options["fields"], dropped)})
            for title, options in fieldsets
        ]

    def _fixed(self, request: Any, obj: Any) -> Any:
        return self.get_readonly_fields(request, obj)

    def _only_shows(self, request: Any, obj: Any) -> bool:
        del request, obj
        return False


class _NarrowedInline(_Narrowed, _InlineBase):
    def get_formset(self, request: Any, obj: Any = None, **options: Any) -> Any:
        formset = super().get_formset(request, obj, **options)
        own = self.agent_narrowing
        return narrow_formset(formset, own.hidden_fields, own.caller)


class _NarrowedModelAdmin(_Narrowed, _ModelBase):
    def _only_shows(self, request: Any, obj: Any) -> bool:
        may_add = obj is None and self.has_add_permission(request)
        return not (may_add or self.has_change_permission(request, obj))

    def get_form(
        self,
        request: Any,
        obj: Any = None,
        change: Any = False,  # noqa: FBT002  # Django's own signature
        **options: Any,
    ) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        own = self.agent_narrowing
        return narrow_form(form, own.hidden_fields, own.caller)

    def get_inline_instances(self, request: Any, obj: Any = None) -> list[Any]:
        """Leave out inlines that agents may not know, as Django does for users."""
        narrowed = []
        for inline in super().get_inline_instances(request, obj):
            if declared_by(inline).hidden:
                continue
            if is_open_to(self.agent_narrowing.caller, inline.model):
                one = narrow(inline, self.agent_narrowing.caller)
                if not one.has_add_permission(request, obj):
                    one.max_num = 0
                narrowed.append(one)
        return narrowed

    def get_actions(self, request: Any, action_location: Any = None) -> dict[str, Any]:
        """Return those of the list: Django 6.1 asks for those of a page as well."""
        del action_location
        if self.agent_narrowing.access.read_only:
            return {}
        return super().get_actions(request)

    def get_list_display(self, request: Any) -> Any:
        return self._kept(super().get_list_display(request))

    def get_list_filter(self, request: Any) -> Any:
        """Leave out filters whose choices are records that agents may not know."""
        filters = self._kept(super().get_list_filter(request))
        return [one for one in filters if not self._lists_unknown(one)]

    def get_search_fields(self, request: Any) -> Any:
        return self._kept(super().get_search_fields(request))

    def get_ordering(self, request: Any) -> Any:
        """Sort by what is not hidden; the order of rows would tell a value apart."""
        given = super().get_ordering(request)
        ordering = given or self.opts.ordering or ()
        kept = [one for one in ordering if not self._sorts_by_hidden(one)]
        return given if len(kept) == len(ordering) else kept or ["-pk"]

    def get_sortable_by(self, request: Any) -> Any:
        return [
            column
            for column in super().get_sortable_by(request)
            if not self._sorts_by_hidden(_sorting_of(self, column))
        ]

    def _kept(self, things: Any) -> list[Any]:
        return [one for one in things if self.agent_narrowing.keeps(self, one)]

    def _lists_unknown(self, one: Any) -> bool:
        listed = model_at(self.model, name_of(one))
        return listed is not None and not may_be_chosen(
            self.agent_narrowing.caller, listed
        )

    def _sorts_by_hidden(self, ordering: Any) -> bool:
        hides = self.agent_narrowing.hides_path
        return any(hides(self, path) for path in ordering_paths(ordering))


def _sorting_of(admin: ModelAdmin, column: Any) -> Any:
    """Return what a click on the head of the column sorts by."""
    named = isinstance(column, str)
    thing = (
        getattr(admin, column, None) or getattr(admin.model, column, None)
        if named
        else column
    )
    getter = thing.fget if isinstance(thing, property) else thing
    return getattr(getter, "admin_order_field", None) or name_of(column)


def _without(names: Any, dropped: set[str]) -> list[Any]:
    """Return the names of a fieldset, whose lines may hold several, without some."""
    kept: list[Any] = []
    for one in names:
        if isinstance(one, (list, tuple)):
            line = [name for name in one if name_of(name) not in dropped]
            kept.extend([line] if line else [])
        elif name_of(one) not in dropped:
            kept.append(one)
    return kept


@cache
def _narrowed_class(admin_class: type[Any]) -> type[Any]:
    """Return a subclass, so that the site's own overrides stay in force."""
    is_inline = hasattr(admin_class, "get_formset")
    mixin = _NarrowedInline if is_inline else _NarrowedModelAdmin
    names = {
        "__module__": admin_class.__module__,
        "__qualname__": admin_class.__qualname__,
    }
    return type(admin_class.__name__, (mixin, admin_class), names)
