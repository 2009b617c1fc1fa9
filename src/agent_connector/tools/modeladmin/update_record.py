"""The tool `update_record`: change one record and its rows through its admin form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.db import router

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import (
    Answer,
    Arguments,
    Tool,
    ToolFailed,
    ToolRefused,
)
from agent_connector.tools.modeladmin.changed_rows import (
    Change,
    ChangedRows,
    changed_rows,
    present_rows,
)
from agent_connector.tools.modeladmin.edit import Edit
from agent_connector.tools.modeladmin.find import find_admin, find_record
from agent_connector.tools.modeladmin.form import OpenForm, open_form
from agent_connector.tools.modeladmin.get_record import (
    ModelName,
    RecordId,
    value_on_page,
)
from agent_connector.tools.modeladmin.given import read_given
from agent_connector.tools.modeladmin.links import record_path, site_of
from agent_connector.tools.modeladmin.narrowed import require_writable
from agent_connector.tools.modeladmin.noted import note_fields, note_rows
from agent_connector.tools.modeladmin.permission import permission_to
from agent_connector.tools.modeladmin.request import AdminRequest, posted
from agent_connector.tools.modeladmin.rows import INLINES, InlineChanges, read_rows
from agent_connector.tools.modeladmin.save import every_row, pairs_of, read_back, save
from agent_connector.tools.modeladmin.settable import is_secret
from agent_connector.tools.modeladmin.unapplied import require_stored
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, text
from agent_connector.tools.modeladmin.version import version_of
from agent_connector.tools.transactions import join

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


class UpdateRecordArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    id: RecordId
    values: Annotated[
        dict[str, Any],
        msgspec.Meta(
            description="Only those to change.",
        ),
    ] = {}
    inlines: Annotated[dict[str, InlineChanges], INLINES] = {}
    expected_version: Annotated[
        str,
        msgspec.Meta(
            max_length=64,
            description=(
                "`version` of get_record: refused if changed since. Needed to add rows."
            ),
        ),
    ] = ""


class UpdateRecordAnswer(Answer, frozen=True, kw_only=True):
    model: str
    id: str
    label: str
    url: str
    version: str
    changed: Annotated[
        dict[str, Change],
        msgspec.Meta(description="Empty: the record had these values already."),
    ]
    inlines: dict[str, ChangedRows] = {}
    history: Annotated[
        str, msgspec.Meta(description="What the record's History page says of it.")
    ] = ""
    messages: list[str] = []


def update_record(
    caller: Caller, arguments: UpdateRecordArguments
) -> UpdateRecordAnswer:
    """Change what is asked, all of it or nothing, as the change page would."""
    _require_sense(arguments)
    model_admin = find_admin(caller, arguments.model)
    require_writable(model_admin)
    join(router.db_for_write(model_admin.model))
    return _update(caller, model_admin, arguments)


def _require_sense(arguments: UpdateRecordArguments) -> None:
    if not arguments.values and not arguments.inlines:
        raise ToolFailed(
            "Name at least one value or row to change.",
            code="invalid_arguments",
            allowed=arguments.__struct_fields__,
        )
    adds = any(changes.add for changes in arguments.inlines.values())
    if adds and not arguments.expected_version:
        raise ToolFailed(
            "Rows are added only with expected_version: a call that is repeated would"
            " add them twice.",
            code="invalid_arguments",
            following="Call get_record and pass its `version`.",
        )


def _update(
    caller: Caller, model_admin: ModelAdmin, arguments: UpdateRecordArguments
) -> UpdateRecordAnswer:
    pk = str(arguments.id)
    path = record_path(model_admin, pk)
    page = AdminRequest(caller, path=path)
    record = _locked(model_admin, page, pk)
    _require_change(model_admin, page, record)
    shown = open_form(model_admin, page, record)
    _require_version(shown, arguments.expected_version)
    edit = Edit(
        values=read_given(shown.form, arguments.values),
        rows=read_rows(shown, page, arguments.inlines),
    )
    seen = [
        name for name, field in shown.form.fields.items() if not is_secret(name, field)
    ]
    before = _values_of(shown, model_admin, seen)
    rows_before = present_rows(shown, edit)
    request = AdminRequest(caller, path=path, form=posted(pairs_of(shown, edit)))
    subject = find_record(model_admin, request, pk)
    opened = open_form(model_admin, request, subject)
    saved = save(caller, model_admin, request, opened, edit)
    stored = shown
    if saved.history:
        after_all = _saved(model_admin, page, subject)
        require_stored(opened, edit, after_all)
        stored = open_form(model_admin, page, after_all)
    fresh = stored.form.instance
    model, after = label_of(model_admin.model), _values_of(stored, model_admin, seen)
    changes = {
        name: Change(before=before[name], after=after[name])
        for name in seen
        if before[name] != after[name]
    }
    inlines = changed_rows(opened, edit, before=rows_before) if saved.history else {}
    if saved.history:
        note_fields(model, str(fresh.pk), changes, log_entries=saved.log_entries)
        note_rows(opened, edit, inlines, before=rows_before)
    return UpdateRecordAnswer(
        model=model,
        id=str(fresh.pk),
        label=text(str(fresh), limit=SHORT_TEXT_CHARACTERS),
        url=site_of(caller) + record_path(model_admin, fresh.pk),
        version=version_of(fresh, stored.formsets),
        changed={
            name: changes[name]
            for name in (
                *edit.values,
                *(set(opened.form.changed_data) - edit.values.keys()),
            )
            if name in changes
        },
        inlines=inlines,
        history=saved.history,
        messages=request.said,
    )


def _locked(model_admin: ModelAdmin, request: AdminRequest, pk: str) -> Model:
    """Return the record, read after nobody else can change it until we are done."""
    visible = find_record(model_admin, request, pk)
    same = every_row(model_admin).filter(pk=visible.pk)
    list(same.select_for_update().values_list("pk"))
    return find_record(model_admin, request, pk)


def _saved(model_admin: ModelAdmin, request: AdminRequest, record: Model) -> Model:
    """Return the record as it is stored, also where the change took it out of sight."""
    seen: Model | None = model_admin.get_object(request, str(record.pk))
    return seen or read_back(model_admin, record)


def _require_change(
    model_admin: ModelAdmin, request: AdminRequest, record: Model
) -> None:
    if model_admin.has_change_permission(request, record):
        return
    meta = model_admin.opts
    raise ToolRefused(
        f"This user may view this {meta.verbose_name} but not change it."
        f" The permission is {permission_to('change', meta)}.",
        code="permission_missing",
    )


def _require_version(shown: OpenForm, expected: str) -> None:
    if expected and expected != version_of(shown.form.instance, shown.formsets):
        raise ToolFailed(
            "The record or its rows were changed since you read them."
            " Nothing was changed.",
            code="conflict",
            following="Call get_record again and decide with the present values.",
        )


def _values_of(
    opened: OpenForm, model_admin: ModelAdmin, names: list[str]
) -> dict[str, Any]:
    record = opened.form.instance
    return {name: value_on_page(name, record, model_admin, opened) for name in names}


UPDATE_RECORD = Tool(
    name="update_record",
    title="Change a record",
    description=(
        "Changes fields of one record, and adds, changes or deletes rows on its page,"
        " through its admin form: all of it or nothing."
    ),
    needs=Scope.WRITE,
    input=UpdateRecordArguments,
    output=UpdateRecordAnswer,
    run=update_record,
    read_only=False,
    destructive=True,
    idempotent=True,
)
