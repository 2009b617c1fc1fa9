"""A ModelAdmin as agents meet it: no secret column, no filter that is not offered."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin.filters import FieldListFilter
from django.db.models import Field

from agent_connector.errors import AgentConnectorError
from agent_connector.policy.exposure import is_sensitive_field

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.views.main import ChangeList


class FilterNotOffered(AgentConnectorError):
    """A parameter that no filter of the list takes. Holds its name."""


def seal(model_admin: ModelAdmin, *, rows_per_page: int = 1) -> ModelAdmin:
    """Return a copy of the admin whose list is safe to hand to an agent."""
    sealed: Any = copy.copy(model_admin)
    sealed.__class__ = _sealed_class(type(model_admin))
    sealed.list_per_page = sealed.list_max_show_all = rows_per_page
    # A second count, of all records, which only the page of the list shows.
    sealed.show_full_result_count = False
    return cast("ModelAdmin", sealed)


def name_of(thing: Any) -> str:
    """Return the name of a column or filter: a text, field, callable, class or pair."""
    match thing:
        case str():
            return thing
        case Field():
            return thing.name
        case (first, *_):
            return name_of(first)
        case _:
            return str(
                getattr(thing, "parameter_name", None)
                or getattr(thing, "__name__", type(thing).__name__)
            )


def _harmless(things: Iterable[Any]) -> list[Any]:
    return [one for one in things if not _is_sensitive(name_of(one))]


_is_sensitive = lru_cache(maxsize=1024)(is_sensitive_field)
"""For names in the site's code. Never for those an agent sends, which have no end."""


@cache
def _sealed_class(admin_class: type[ModelAdmin]) -> type[ModelAdmin]:
    """Return a subclass, so that the site's own overrides stay in force."""

    class Sealed(admin_class):  # type: ignore[misc, valid-type]
        def get_list_display(self, request: Any) -> list[Any]:
            return _harmless(super().get_list_display(request))

        def get_list_filter(self, request: Any) -> list[Any]:
            return _harmless(super().get_list_filter(request))

        def get_search_fields(self, request: Any) -> list[Any]:
            return _harmless(super().get_search_fields(request))

        def get_preserved_filters(self, request: Any) -> str:
            """Return nothing: they are for links from page to page."""
            del request
            return ""

        def get_changelist(self, request: Any, **kwargs: Any) -> type[ChangeList]:
            return _strict_class(super().get_changelist(request, **kwargs))

    Sealed.__name__ = admin_class.__name__
    Sealed.__qualname__ = admin_class.__qualname__
    return Sealed


@cache
def _strict_class(changelist_class: type[ChangeList]) -> type[ChangeList]:
    """Return a ChangeList that takes no parameter beyond its filters'.

    Django lets any lookup on the model's own fields through, which would let an agent
    ask for what no filter offers. Here it is refused before the database is asked.
    """

    class Strict(changelist_class):  # type: ignore[misc, valid-type]
        def get_filters(self, request: Any) -> Any:
            given = self.get_filters_params()
            found = super().get_filters(request)
            offered = {name for spec in found[0] for name in spec.expected_parameters()}
            offered.update(date_parameters(self.date_hierarchy))
            for name in given:
                if name not in offered:
                    raise FilterNotOffered(name)
            _rest(found[0])
            return found

    return Strict


def _rest(filters: Iterable[Any]) -> None:
    """Let filters of fields that nobody uses add no empty condition to the rows."""
    for one in filters:
        is_plain = getattr(type(one), "queryset", None) is FieldListFilter.queryset
        if is_plain and "queryset" not in vars(one) and not one.used_parameters:
            one.queryset = _no_condition


def _no_condition(_request: Any, _rows: Any) -> None:
    return None


def date_parameters(date_hierarchy: str | None) -> list[str]:
    """Return the parameters of the list's date navigation, coarsest first."""
    if not date_hierarchy:
        return []
    return [f"{date_hierarchy}__{part}" for part in ("year", "month", "day")]
