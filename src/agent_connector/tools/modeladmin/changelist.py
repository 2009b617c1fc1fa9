"""Build the list that the admin would show for a question, or say what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, NoReturn

import msgspec
from django.contrib.admin import ModelAdmin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IS_FACETS_VAR, IncorrectLookupParameters
from django.contrib.admin.views.main import (
    ALL_VAR,
    ERROR_FLAG,
    IGNORED_PARAMS,
    ORDER_VAR,
    PAGE_VAR,
    SEARCH_VAR,
)
from django.core.exceptions import ValidationError
from django.db import DataError

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.columns import (
    columns_of,
    described_columns,
    is_sortable,
    ordering_parameter,
)
from agent_connector.tools.modeladmin.filters import (
    offered_parameters,
    unoffered_value,
)
from agent_connector.tools.modeladmin.links import list_path
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.sealed import FilterNotOffered
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList
    from django.db.models import Model

    from agent_connector.policy.caller import Caller

FilterValue = (
    str
    | int
    | float
    | bool
    | Annotated[list[str | int | float | bool], msgspec.Meta(min_length=1)]
)
"""An empty list would vanish from the query and let every row through."""

_RESERVED = {*IGNORED_PARAMS, ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR}
"""Names that mean something else to the list than a filter."""

_WRONG_KIND = "A filter has a value of another kind."
_UNFIT = (DataError, OverflowError, TypeError, ValueError)
"""What a filter's value can make of a query, before or while it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the list is asked, in an agent's words."""

    query: str = ""
    filters: Mapping[str, FilterValue] = field(default_factory=dict)
    ordering: list[str] = field(default_factory=list)
    page: int = 1
    facets: bool = False


def build_changelist(
    caller: Caller, sealed: ModelAdmin, question: Question
) -> tuple[ChangeList, list[Model]]:
    """Return the list as the admin's own page builds it, and the rows of one page.

    `sealed` says how many rows a page has.

    Raises:
        ToolFailed: the list has no such filter, value, column to sort by, page or
            search box. Says what it has.
    """
    filters = {name: _sent(value) for name, value in question.filters.items()}
    for name in filters:
        if name in _RESERVED:
            _refuse_filter(caller, sealed, name)
    ordering = ""
    if question.query or question.ordering:
        plain = AdminRequest(caller, path=list_path(sealed))
        _require_search(sealed, plain, question.query)
        ordering = _ordering(sealed, plain, question.ordering)
    request = AdminRequest(
        caller,
        path=list_path(sealed),
        query={
            **filters,
            SEARCH_VAR: question.query,
            ORDER_VAR: ordering,
            PAGE_VAR: question.page,
            **({IS_FACETS_VAR: ""} if question.facets else {}),
        },
    )
    changelist = _built(caller, sealed, request)
    _require_sortable(changelist, question.ordering)
    _require_offered_values(changelist, filters)
    try:
        return changelist, list(changelist.result_list)
    except _UNFIT as error:
        _refuse_values(caller, sealed, _WRONG_KIND, error)


def _built(caller: Caller, sealed: ModelAdmin, request: AdminRequest) -> ChangeList:
    try:
        return sealed.get_changelist_instance(request)
    except FilterNotOffered as error:
        _refuse_filter(caller, sealed, str(error))
    except DisallowedModelAdminLookup:
        names = [name for name in request.GET if name not in _RESERVED]
        offered = _offered(caller, sealed)
        wrong = next((name for name in names if name not in offered), names[0])
        _refuse_filter(caller, sealed, wrong)
    except (IncorrectLookupParameters, ValidationError) as error:
        what = "A filter or the cursor does not fit this list."
        _refuse_values(caller, sealed, what, error)
    except _UNFIT as error:
        _refuse_values(caller, sealed, _WRONG_KIND, error)


def _sent(value: FilterValue) -> list[str]:
    """Return a filter's value as a link of the list carries it."""
    values = value if isinstance(value, list) else [value]
    return [str(int(one)) if isinstance(one, bool) else str(one) for one in values]


def _ordering(sealed: ModelAdmin, request: AdminRequest, names: list[str]) -> str:
    try:
        return ordering_parameter(sealed, request, names)
    except KeyError as error:
        wrong = str(error.args[0])
        changelist = sealed.get_changelist_instance(request)
        _refuse_ordering(changelist, wrong)


def _require_sortable(changelist: ChangeList, names: list[str]) -> None:
    columns = columns_of(changelist)
    for name in names:
        bare = name.removeprefix("-")
        if not is_sortable(changelist, columns[bare]):
            _refuse_ordering(changelist, bare)


def _require_search(sealed: ModelAdmin, request: AdminRequest, query: str) -> None:
    """Raise where the list has no search box: it would ignore the words."""
    own = type(sealed).get_search_results is not ModelAdmin.get_search_results
    if query and not own and not sealed.get_search_fields(request):
        raise ToolFailed(
            f"The list of {sealed.opts.verbose_name_plural} has no search.",
            code="no_search",
            following="Use `filters`, as describe_model names them.",
        )


def _require_offered_values(
    changelist: ChangeList, filters: dict[str, list[str]]
) -> None:
    wrong = unoffered_value(changelist, filters)
    if wrong is not None:
        raise ToolFailed(
            f"The filter {quoted(wrong.parameters[0])} has no such choice.",
            code="invalid_filter",
            allowed=[value for one in wrong.choices for value in one.filters.values()],
        )


def _offered(caller: Caller, sealed: ModelAdmin) -> list[str]:
    request = AdminRequest(caller, path=list_path(sealed))
    return offered_parameters(sealed.get_changelist_instance(request))


def _refuse_filter(caller: Caller, sealed: ModelAdmin, name: str) -> NoReturn:
    offered = _offered(caller, sealed)
    raise ToolFailed(
        f"{quoted(name)} is not a filter of this list." + did_you_mean(name, offered),
        code="invalid_filter",
        allowed=offered,
        following="describe_model shows each filter with its choices.",
    )


def _refuse_values(
    caller: Caller, sealed: ModelAdmin, message: str, error: Exception
) -> NoReturn:
    raise ToolFailed(
        message, code="invalid_filter", allowed=_offered(caller, sealed)
    ) from error


def _refuse_ordering(changelist: ChangeList, name: str) -> NoReturn:
    sortable = [one.name for one in described_columns(changelist) if one.sortable]
    raise ToolFailed(
        f"{quoted(name)} is not a sortable column." + did_you_mean(name, sortable),
        code="invalid_ordering",
        allowed=sortable,
    )
