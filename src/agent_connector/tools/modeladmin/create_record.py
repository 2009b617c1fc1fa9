"""The tool `create_record`: add one record, with its rows, through its admin form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.db import router

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Answer, Arguments, Tool
from agent_connector.tools.modeladmin.changed_rows import ChangedRows, changed_rows
from agent_connector.tools.modeladmin.edit import Edit
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.form import open_form
from agent_connector.tools.modeladmin.get_record import ModelName, value_on_page
from agent_connector.tools.modeladmin.given import read_given
from agent_connector.tools.modeladmin.links import add_path, record_path, site_of
from agent_connector.tools.modeladmin.narrowed import require_writable
from agent_connector.tools.modeladmin.noted import note_rows, note_whole
from agent_connector.tools.modeladmin.permission import require_add
from agent_connector.tools.modeladmin.prepopulated import prepopulated_values
from agent_connector.tools.modeladmin.request import AdminRequest, posted
from agent_connector.tools.modeladmin.rows import (
    INLINES,
    InlineChanges,
    NewRows,
    read_rows,
)
from agent_connector.tools.modeladmin.save import pairs_of, read_back, save
from agent_connector.tools.modeladmin.settable import is_secret
from agent_connector.tools.modeladmin.unapplied import require_stored
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, text
from agent_connector.tools.modeladmin.version import version_of
from agent_connector.tools.transactions import join

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


class CreateRecordArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    values: Annotated[
        dict[str, Any],
        msgspec.Meta(description="As describe_model names them."),
    ]
    inlines: Annotated[dict[str, NewRows], INLINES] = {}


class CreateRecordAnswer(Answer, frozen=True, kw_only=True):
    model: str
    id: str
    label: str
    url: str = ""
    version: str = ""
    hidden: Annotated[
        bool, msgspec.Meta(description="This user may not view what was created.")
    ] = False
    values: dict[str, Any] = {}
    filled: Annotated[
        list[str], msgspec.Meta(description="Left out, and made from other fields.")
    ] = []
    inlines: dict[str, ChangedRows] = {}
    history: str = ""
    messages: list[str] = []


def create_record(
    caller: Caller, arguments: CreateRecordArguments
) -> CreateRecordAnswer:
    """Add a record with its rows, all of it or nothing, as the add page would."""
    model_admin = find_admin(caller, arguments.model, adding=True)
    require_writable(model_admin)
    join(router.db_for_write(model_admin.model))
    return _create(caller, model_admin, arguments)


def _create(
    caller: Caller, model_admin: ModelAdmin, arguments: CreateRecordArguments
) -> CreateRecordAnswer:
    path = add_path(model_admin)
    page = AdminRequest(caller, path=path)
    require_add(model_admin, page)
    shown = open_form(model_admin, page, None)
    given = read_given(shown.form, arguments.values)
    filled = prepopulated_values(
        shown.form, model_admin.get_prepopulated_fields(page), given
    )
    rows = {name: InlineChanges(add=new.add) for name, new in arguments.inlines.items()}
    edit = Edit(values=given | filled, rows=read_rows(shown, page, rows))
    request = AdminRequest(caller, path=path, form=posted(pairs_of(shown, edit)))
    opened = open_form(model_admin, request, None)
    saved = save(caller, model_admin, request, opened, edit)
    record = read_back(model_admin, saved.record)
    require_stored(opened, edit, record)
    values = {
        name: value_on_page(name, record, model_admin, opened)
        for name, field in opened.form.fields.items()
        if not is_secret(name, field)
    }
    added = changed_rows(opened, edit, before={})
    model, pk = label_of(model_admin.model), str(record.pk)
    note_whole(model, pk, after=values, log_entries=saved.log_entries)
    note_rows(opened, edit, added, before={})
    return CreateRecordAnswer(
        model=model,
        id=pk,
        label=text(str(record), limit=SHORT_TEXT_CHARACTERS),
        filled=list(filled),
        history=saved.history,
        messages=request.said,
        **_seen(caller, model_admin, record, {"values": values, "inlines": added}),
    )


def _seen(
    caller: Caller, model_admin: ModelAdmin, record: Model, told: dict[str, Any]
) -> dict[str, Any]:
    """Return what the user may see of the new record, which may be nothing."""
    page = AdminRequest(caller, path=record_path(model_admin, record.pk))
    seen: Model | None = model_admin.get_object(page, str(record.pk))
    if seen is None or not model_admin.has_view_or_change_permission(page, seen):
        return {"hidden": True}
    return {
        "url": site_of(caller) + page.path,
        "version": version_of(seen, open_form(model_admin, page, seen).formsets),
        **told,
    }


CREATE_RECORD = Tool(
    name="create_record",
    title="Create a record",
    description=(
        "Adds one record, with rows on its page if wanted, through its admin form."
        " Fields left out keep the form's defaults. Each call adds another record."
    ),
    needs=Scope.WRITE,
    input=CreateRecordArguments,
    output=CreateRecordAnswer,
    run=create_record,
    read_only=False,
    destructive=False,
    idempotent=False,
)
