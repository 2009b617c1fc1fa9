"""The columns of a list: their names for agents, their labels, their sorting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.contrib.admin.utils import label_for_field

from agent_connector.tools.modeladmin.sealed import name_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.views.main import ChangeList

    from agent_connector.tools.modeladmin.request import AdminRequest

_CHECKBOX = "action_checkbox"


class Column(msgspec.Struct, frozen=True):
    """One column, by the name that `columns` and `ordering` take."""

    name: str
    label: str
    sortable: bool


def columns_of(changelist: ChangeList) -> dict[str, Any]:
    """Return the list's columns, as it has them, by name."""
    return {
        name_of(column): column
        for column in changelist.list_display
        if column != _CHECKBOX
    }


def described_columns(changelist: ChangeList) -> list[Column]:
    """Return what an agent is told of the columns."""
    return [
        Column(
            name=name,
            label=str(
                label_for_field(column, changelist.model, changelist.model_admin)
            ),
            sortable=is_sortable(changelist, column),
        )
        for name, column in columns_of(changelist).items()
    ]


def is_sortable(changelist: ChangeList, column: Any) -> bool:
    """Say whether the list's header would offer sorting by this column."""
    by = changelist.sortable_by
    if by is not None and column not in by:
        return False
    return bool(changelist.get_ordering_field(column))


def ordering_parameter(
    sealed: ModelAdmin, request: AdminRequest, names: list[str]
) -> str:
    """Return the list's own `o` parameter for names such as `-price`.

    Raises:
        KeyError: a name is not a column. Holds the name.
    """
    columns = [name_of(column) for column in sealed.get_list_display(request)]
    if sealed.get_actions(request):
        columns.insert(0, _CHECKBOX)
    parts = []
    for name in names:
        sign, bare = ("-", name[1:]) if name.startswith("-") else ("", name)
        if bare not in columns or bare == _CHECKBOX:
            raise KeyError(bare)
        parts.append(f"{sign}{columns.index(bare)}")
    return ".".join(parts)
