"""What a change of fields would do: the form is filled in and judged, never saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from agent_connector.tools.modeladmin.changed_rows import (
    Change,
    ChangedRows,
    as_stored,
    present_rows,
    rows_to_change,
)
from agent_connector.tools.modeladmin.edit import Edit
from agent_connector.tools.modeladmin.find import find_record
from agent_connector.tools.modeladmin.form import OpenForm, open_form
from agent_connector.tools.modeladmin.get_record import value_on_page
from agent_connector.tools.modeladmin.given import read_given
from agent_connector.tools.modeladmin.links import record_path
from agent_connector.tools.modeladmin.request import AdminRequest, posted
from agent_connector.tools.modeladmin.rows import InlineChanges, read_rows
from agent_connector.tools.modeladmin.save import errors_of, pairs_of
from agent_connector.tools.modeladmin.unapplied import (
    dropped_values,
    require_applied,
    require_untouched,
)
from agent_connector.tools.modeladmin.values import LONG_TEXT_CHARACTERS, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


class UpdatePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What would change, or why nothing would."""

    changes: dict[str, Change] = {}
    inlines: dict[str, ChangedRows] = {}
    errors: dict[str, list[str]] = {}


def preview_update(
    caller: Caller,
    model_admin: ModelAdmin,
    record: Model,
    *,
    values: Mapping[str, Any],
    inlines: Mapping[str, InlineChanges],
) -> UpdatePreview:
    """Fill the change form in as update_record does, and read what it makes of it.

    Raises:
        ToolRefused: the user may not do that to these rows.
        ToolFailed: a field is unknown, may not be set, or would not be applied.
    """
    path = record_path(model_admin, record.pk)
    page = AdminRequest(caller, path=path)
    shown = open_form(model_admin, page, record)
    edit = Edit(
        values=read_given(shown.form, dict(values)),
        rows=read_rows(shown, page, inlines),
    )
    rows_before = present_rows(shown, edit)
    request = AdminRequest(caller, path=path, form=posted(pairs_of(shown, edit)))
    subject = find_record(model_admin, request, str(record.pk))
    opened = open_form(model_admin, request, subject)
    errors = errors_of(opened)
    if errors:
        return UpdatePreview(errors=errors)
    require_untouched(opened, edit)
    dropped = dropped_values(opened.form, edit.values)
    require_applied(opened, edit, dropped)
    return UpdatePreview(
        changes={
            name: Change(
                before=value_on_page(name, record, model_admin, shown),
                after=_after(name, model_admin, opened),
            )
            for name in opened.form.changed_data
            if name in edit.values
        },
        inlines=rows_to_change(opened, edit, before=rows_before),
    )


def _after(name: str, model_admin: ModelAdmin, opened: OpenForm) -> Any:
    """Return the value as the page would show it; relations of many are not set yet."""
    record = opened.form.instance
    if name in {field.name for field in record._meta.concrete_fields}:
        return value_on_page(name, as_stored(record), model_admin, opened)
    return plain(opened.form.cleaned_data.get(name), limit=LONG_TEXT_CHARACTERS)
