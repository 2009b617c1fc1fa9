"""The tool `search_records`: the rows of a model's list in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.contrib.admin import ShowFacets

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Answer, Arguments, Tool, ToolFailed
from agent_connector.tools.modeladmin.changelist import (
    FilterValue,
    Question,
    build_changelist,
    question_path,
)
from agent_connector.tools.modeladmin.columns import columns_of
from agent_connector.tools.modeladmin.cursor import (
    MAX_CURSOR_CHARACTERS,
    make_cursor,
    read_cursor,
)
from agent_connector.tools.modeladmin.filters import Filter, described_filters
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.get_record import ModelName
from agent_connector.tools.modeladmin.links import record_paths, site_of
from agent_connector.tools.modeladmin.sealed import seal
from agent_connector.tools.modeladmin.values import (
    SHORT_TEXT_CHARACTERS,
    fitting_rows,
    reader_of,
    text,
)
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.views.main import ChangeList
    from django.db.models import Model

    from agent_connector.policy.caller import Caller

DEFAULT_ROWS = 20
MAX_BYTES = 50_000
"""Of the rows: with the rest, and facets, an answer stays below some 60 KB."""

MANY = "many"
CUT = "The answer would be too long: next_cursor leads to the rest of the rows."
CLIPPED = "Long texts are clipped: get_record shows more of them."


class SearchRecordsArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    query: Annotated[
        str,
        msgspec.Meta(max_length=500, description="Words for the search box."),
    ] = ""
    filters: Annotated[
        dict[str, FilterValue],
        msgspec.Meta(description="As in the `filters` that describe_model names."),
    ] = {}
    ordering: Annotated[
        list[str],
        msgspec.Meta(
            max_length=5, description="Names of sortable columns; `-name`: descending."
        ),
    ] = []
    columns: Annotated[
        list[str],
        msgspec.Meta(max_length=100, description="Only these; empty: all."),
    ] = []
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = DEFAULT_ROWS
    cursor: Annotated[
        str,
        msgspec.Meta(
            max_length=MAX_CURSOR_CHARACTERS,
            description="`next_cursor`, the rest unchanged.",
        ),
    ] = ""
    facets: Annotated[
        bool, msgspec.Meta(description="Count the rows of each filter's choices.")
    ] = False


class Row(msgspec.Struct, frozen=True):
    id: str
    label: str
    url: str
    values: dict[str, Any]


class SearchRecordsAnswer(Answer, frozen=True, kw_only=True):
    model: str
    total: int | str
    rows: list[Row]
    next_cursor: str = ""
    truncated: str = ""
    facets: list[Filter] = []
    url: Annotated[
        str,
        msgspec.Meta(description="The list in the admin, searched and filtered alike."),
    ]


def search_records(
    caller: Caller, arguments: SearchRecordsArguments
) -> SearchRecordsAnswer:
    """Return the rows that the changelist shows this user for the same question."""
    limit = _limit_of(caller, arguments)
    # A cursor counts in pages of this size, and is good for no other.
    arguments = msgspec.structs.replace(arguments, limit=limit)
    page, skipped = _place_of(caller, arguments)
    model_admin = find_admin(caller, arguments.model)
    facets = _counts_facets(model_admin, arguments)
    sealed = seal(model_admin, rows_per_page=limit)
    question = Question(
        query=arguments.query,
        filters=arguments.filters,
        ordering=arguments.ordering,
        page=page,
        facets=facets,
    )
    changelist, records = build_changelist(caller, sealed, question)
    if (page - 1) * limit >= changelist.result_count:
        records = []  # a list of one page shows it, whatever page is asked for
    columns = _chosen_columns(changelist, arguments)
    rows = _rows(caller, sealed, records[skipped:], columns)
    fitting = fitting_rows(rows, most=MAX_BYTES)
    following = ""
    if fitting < len(rows):
        following = f"{page}.{skipped + fitting}"
    elif page * limit < changelist.result_count:
        following = f"{page + 1}.0"
    return SearchRecordsAnswer(
        model=label_of(model_admin.model),
        total=_total(model_admin, changelist, limit=limit),
        rows=rows[:fitting],
        next_cursor=make_cursor(caller, arguments, following) if following else "",
        truncated=" ".join(_notes(rows, fitting)),
        facets=described_filters(changelist) if facets else [],
        url=site_of(caller) + question_path(changelist, question),
    )


def _place_of(caller: Caller, arguments: SearchRecordsArguments) -> tuple[int, int]:
    """Return which page is asked for, and how many of its rows were sent already."""
    page, _, skipped = read_cursor(caller, arguments).partition(".")
    return int(page or 1), int(skipped or 0)


def _limit_of(caller: Caller, arguments: SearchRecordsArguments) -> int:
    """Return how many rows are asked for: who says nothing asks for what there is."""
    limit, most = arguments.limit, caller.most_rows
    if limit > most and limit != DEFAULT_ROWS:
        raise ToolFailed(
            f"limit: at most {most} rows a call on this site.",
            code="invalid_arguments",
            following="Use next_cursor for more rows.",
        )
    return min(limit, most)


def _counts_facets(model_admin: ModelAdmin, arguments: SearchRecordsArguments) -> bool:
    """Say whether the list counts: always, or because it was asked to."""
    shown = model_admin.show_facets
    if arguments.facets and shown is ShowFacets.NEVER:
        raise ToolFailed(
            f"The list of {model_admin.opts.verbose_name_plural} has no facets.",
            code="no_facets",
        )
    return arguments.facets or shown is ShowFacets.ALWAYS


def _total(model_admin: ModelAdmin, changelist: ChangeList, *, limit: int) -> int | str:
    """Return the number of rows; where the site does not count them all: "many"."""
    count = changelist.result_count
    counted = model_admin.show_full_result_count or count <= limit
    return count if counted else MANY


def _notes(rows: list[Row], fitting: int) -> Iterator[str]:
    if fitting < len(rows):
        yield CUT
    if any(
        isinstance(value, str) and len(value) > SHORT_TEXT_CHARACTERS
        for row in rows[:fitting]
        for value in row.values.values()
    ):
        yield CLIPPED


def _chosen_columns(
    changelist: ChangeList, arguments: SearchRecordsArguments
) -> dict[str, Any]:
    columns = columns_of(changelist)
    for name in arguments.columns:
        if name not in columns:
            raise ToolFailed(
                f"{quoted(name)} is not a column." + did_you_mean(name, columns),
                code="invalid_column",
                allowed=columns,
            )
    chosen = arguments.columns or [name for name in columns if name != "__str__"]
    return {name: columns[name] for name in chosen}


def _rows(
    caller: Caller, sealed: ModelAdmin, records: list[Model], columns: dict[str, Any]
) -> list[Row]:
    site = site_of(caller)
    paths = record_paths(sealed, [record.pk for record in records])
    readers = {
        name: reader_of(column, sealed, limit=SHORT_TEXT_CHARACTERS)
        for name, column in columns.items()
    }
    return [
        Row(
            id=str(record.pk),
            label=text(str(record), limit=SHORT_TEXT_CHARACTERS),
            url=site + path,
            values={name: read(record) for name, read in readers.items()},
        )
        for record, path in zip(records, paths, strict=True)
    ]


SEARCH_RECORDS = Tool(
    name="search_records",
    title="Search records",
    description=(
        "Lists records as the model's list in the admin does for this user, with its"
        " search, filters and sorting."
    ),
    needs=Scope.READ,
    input=SearchRecordsArguments,
    output=SearchRecordsAnswer,
    run=search_records,
    read_only=True,
    destructive=False,
    idempotent=True,
)
