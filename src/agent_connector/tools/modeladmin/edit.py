"""What an agent asked of a page of the admin, once it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms.formsets import DELETION_FIELD_NAME

if TYPE_CHECKING:
    from django.forms import BaseModelForm

    from agent_connector.tools.modeladmin.form import OpenForm


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEdits:
    """What is asked of the rows of one formset, by their index in it.

    New rows follow the stored ones.
    """

    stored: int = 0
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    deleted: frozenset[int] = frozenset()

    @property
    def added(self) -> int:
        return sum(index >= self.stored for index in self.values)

    @property
    def whole(self) -> set[int]:
        """The rows that come or go as a whole: new and deleted ones."""
        new = {index for index in self.values if index >= self.stored}
        return new | self.deleted

    @property
    def replaced(self) -> dict[int, dict[str, Any]]:
        """The values to send, the boxes for deleting among them."""
        ticked = {index: {DELETION_FIELD_NAME: True} for index in self.deleted}
        return self.values | ticked


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Python values by the name of their field, and rows by formset."""

    values: dict[str, Any]
    rows: dict[str, RowEdits] = field(default_factory=dict)

    def rows_of(self, formset: Any) -> RowEdits:
        return self.rows.get(str(formset.prefix), RowEdits())

    def names_in(self, opened: OpenForm) -> set[str]:
        """Return the names of all that was asked, as errors have them."""
        return self.values.keys() | {
            f"{row_name(formset, index)}.{name}"
            for formset in opened.formsets
            for index, values in self.rows_of(formset).values.items()
            for name in values
        }


def row_name(formset: Any, index: int) -> str:
    """Return what a row is called in errors: by its id, new ones by their number."""
    stored = formset.initial_forms
    if index < len(stored):
        return f"{formset.prefix}[{row_pk(stored[index])}]"
    return f"{formset.prefix}.add[{index - len(stored)}]"


def row_pk(row: BaseModelForm) -> Any:
    """Return the key of a stored row, also once the row is deleted."""
    return row[row.instance._meta.pk.name].initial
