"""Read which rows of a record's page an agent adds, changes and deletes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from agent_connector.tools.definition import ToolFailed, ToolRefused
from agent_connector.tools.modeladmin.edit import RowEdits, row_name
from agent_connector.tools.modeladmin.encode import row_form
from agent_connector.tools.modeladmin.find import is_open_model
from agent_connector.tools.modeladmin.given import read_given
from agent_connector.tools.modeladmin.narrowed import require_writable
from agent_connector.tools.modeladmin.permission import permission_to
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin
    from django.db.models import Model

    from agent_connector.tools.modeladmin.form import OpenForm
    from agent_connector.tools.modeladmin.request import AdminRequest

NO_ROW = "There is no such row on this page."
NAMED_TWICE = "This row is named twice."
NOT_DELETABLE = "Rows cannot be deleted here."


MAX_ROWS = 500
"""Of one kind of change in one call."""

_FEW = msgspec.Meta(max_length=MAX_ROWS)
RowId = Annotated[str, msgspec.Meta(max_length=255)] | int


class RowChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: RowId
    values: Annotated[dict[str, Any], msgspec.Meta(min_length=1)]


class NewRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rows of one inline, each as its values."""

    add: Annotated[list[dict[str, Any]], _FEW] = []


class InlineChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do with rows, by their id."""

    add: Annotated[list[dict[str, Any]], _FEW] = []
    change: Annotated[list[RowChange], _FEW] = []
    delete: Annotated[list[RowId], _FEW] = []


INLINES = msgspec.Meta(description="By the name of the inline.")


def rows_in(given: Mapping[str, Any]) -> dict[str, InlineChanges]:
    """Return rows that a tool takes as in `update_record`, without saying so at length.

    Raises:
        ToolFailed: they are not written like that.
    """
    try:
        return msgspec.convert(given, dict[str, InlineChanges])
    except msgspec.ValidationError as error:
        raise ToolFailed(
            f"inlines: {error}.",
            code="invalid_arguments",
            allowed=InlineChanges.__struct_fields__,
            following="They are the `inlines` of update_record.",
        ) from error


def read_rows(
    opened: OpenForm, request: AdminRequest, given: Mapping[str, InlineChanges]
) -> dict[str, RowEdits]:
    """Return what is asked of the rows, by the prefix of their formset.

    Raises:
        ToolRefused: the user may not do that to rows of this kind.
        ToolFailed: an inline, row or field is unknown, or a value of another kind.
            Says so by row and field.
    """
    offered = {
        str(formset.prefix): (formset, inline)
        for formset, inline in zip(opened.formsets, opened.inlines, strict=True)
        if is_open_model(inline.model)
    }
    for name in given:
        if name not in offered:
            raise ToolFailed(
                f"There are no rows {quoted(name)} on this page."
                + did_you_mean(name, offered),
                code="invalid_values",
                allowed=offered,
            )
    record = opened.form.instance
    subject = None if record._state.adding else record  # noqa: SLF001  # documented
    asked = {}
    wrong = _Wrong()
    for name, changes in given.items():
        formset, inline = offered[name]
        _require_permissions(inline, request, subject, changes)
        asked[name] = _read_formset(formset, changes, wrong)
    wrong.raise_if_any()
    return asked


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Collects what cannot be taken, so that all of it is told at once."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    allowed: dict[str, None] = field(default_factory=dict)

    def read(self, formset: Any, index: int, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of one row, none if they are wrong."""
        try:
            return read_given(row_form(formset, index), values)
        except ToolFailed as failure:
            row = row_name(formset, index)
            self.fields.update(
                {f"{row}.{name}": words for name, words in failure.fields.items()}
            )
            self.allowed.update(dict.fromkeys(failure.allowed))
            return {}

    def note(self, place: str, words: str) -> None:
        self.fields.setdefault(place, []).append(words)

    def raise_if_any(self) -> None:
        if self.fields:
            raise ToolFailed(
                "Some rows cannot be taken. Nothing was changed.",
                code="invalid_values",
                fields=self.fields,
                allowed=self.allowed,
            )


def _read_formset(formset: Any, changes: InlineChanges, wrong: _Wrong) -> RowEdits:
    at = {str(row.instance.pk): at for at, row in enumerate(formset.initial_forms)}
    deleted = [str(pk) for pk in changes.delete]
    times = Counter([*(str(one.id) for one in changes.change), *deleted])
    for pk, count in times.items():
        if pk not in at:
            wrong.note(f"{formset.prefix}[{pk[:80]}]", NO_ROW)
        elif count > 1:
            wrong.note(row_name(formset, at[pk]), NAMED_TWICE)
    values = {
        at[str(one.id)]: wrong.read(formset, at[str(one.id)], one.values)
        for one in changes.change
        if str(one.id) in at
    }
    if _has_room(formset, changes, wrong):
        for index, new in enumerate(changes.add, start=len(at)):
            values[index] = wrong.read(formset, index, new)
    return RowEdits(
        stored=len(at),
        values=values,
        deleted=frozenset(at[pk] for pk in deleted if pk in at),
    )


def _has_room(formset: Any, changes: InlineChanges, wrong: _Wrong) -> bool:
    """Hold the rows against what the page offers: Django itself trusts its script."""
    if changes.delete and not formset.can_delete:
        wrong.note(formset.prefix, NOT_DELETABLE)
    stored = len(formset.initial_forms)
    if changes.add and stored + len(changes.add) > formset.max_num:
        wrong.note(
            formset.prefix,
            f"This page has room for {formset.max_num} rows; there are {stored}.",
        )
        return False
    return True


def _require_permissions(
    inline: InlineModelAdmin,
    request: AdminRequest,
    record: Model | None,
    changes: InlineChanges,
) -> None:
    require_writable(inline)
    judges: dict[str, Any] = {
        "add": inline.has_add_permission,
        "change": inline.has_change_permission,
        "delete": inline.has_delete_permission,
    }
    for action, may in judges.items():
        if getattr(changes, action) and not may(request, record):
            raise ToolRefused(
                f"This user may not {action} {inline.verbose_name_plural}. The"
                f" permission is {permission_to(action, inline.opts)}.",
                code="permission_missing",
            )
