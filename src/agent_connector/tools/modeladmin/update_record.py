"""The tool `update_record`: change fields of one record through its admin form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.contrib.admin.models import LogEntry
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import router, transaction
from django.forms.formsets import all_valid
from django.utils.translation import gettext

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import (
    Answer,
    Arguments,
    Tool,
    ToolFailed,
    ToolRefused,
)
from agent_connector.tools.modeladmin.encode import encode_form, encode_formset
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
from agent_connector.tools.modeladmin.request import AdminRequest, posted
from agent_connector.tools.modeladmin.unapplied import (
    require_applied,
    require_stored,
    require_untouched,
)
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, text
from agent_connector.tools.modeladmin.version import version_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Manager, Model, QuerySet

    from agent_connector.policy.caller import Caller


class UpdateRecordArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    id: RecordId
    values: Annotated[
        dict[str, Any],
        msgspec.Meta(
            min_length=1,
            description="Only the fields to change, as describe_model names them.",
        ),
    ]
    expected_version: Annotated[
        str,
        msgspec.Meta(
            max_length=64,
            description="`version` of get_record; refused if changed since then.",
        ),
    ] = ""


class Change(msgspec.Struct, frozen=True):
    before: Any
    after: Any


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
    history: Annotated[
        str, msgspec.Meta(description="What the record's History page says of it.")
    ] = ""
    messages: list[str] = []


def update_record(
    caller: Caller, arguments: UpdateRecordArguments
) -> UpdateRecordAnswer:
    """Change what is asked, all of it or nothing, as the change page would."""
    model_admin = find_admin(caller, arguments.model)
    require_writable(model_admin)
    with transaction.atomic(using=router.db_for_write(model_admin.model)):
        return _update(caller, model_admin, arguments)


def _update(
    caller: Caller, model_admin: ModelAdmin, arguments: UpdateRecordArguments
) -> UpdateRecordAnswer:
    pk = str(arguments.id)
    path = record_path(model_admin, pk)
    page = AdminRequest(caller, path=path)
    record = _locked(model_admin, page, pk)
    _require_change(model_admin, page, record)
    _require_version(record, arguments.expected_version)
    shown = open_form(model_admin, page, record)
    values = read_given(shown.form, arguments.values)
    names = list(shown.form.fields)
    before = _values_of(record, model_admin, shown, names=names)
    form = posted(
        pair
        for part in (
            encode_form(shown.form, values),
            *map(encode_formset, shown.formsets),
            [("_save", "Save")],  # the button, which a site's own code may look at
        )
        for pair in part
    )
    request = AdminRequest(caller, path=path, form=form)
    subject = find_record(model_admin, request, pk)
    opened = open_form(model_admin, request, subject)
    history = _save(caller, model_admin, request, opened, values=values)
    fresh = _saved(model_admin, page, subject) if history else record
    stored = open_form(model_admin, page, fresh)
    require_stored(opened.form, stored.form, set(values))
    after = _values_of(fresh, model_admin, stored, names=names)
    return UpdateRecordAnswer(
        model=label_of(model_admin.model),
        id=str(fresh.pk),
        label=text(str(fresh), limit=SHORT_TEXT_CHARACTERS),
        url=site_of(caller) + record_path(model_admin, fresh.pk),
        version=version_of(fresh),
        changed={
            name: Change(before=before[name], after=after[name])
            for name in (*values, *(set(opened.form.changed_data) - values.keys()))
            if before[name] != after[name]
        },
        history=history,
        messages=request.said,
    )


def _locked(model_admin: ModelAdmin, request: AdminRequest, pk: str) -> Model:
    """Return the record, read after nobody else can change it until we are done."""
    visible = find_record(model_admin, request, pk)
    same = _every_row(model_admin).filter(pk=visible.pk)
    list(same.select_for_update().values_list("pk"))
    return find_record(model_admin, request, pk)


def _saved(model_admin: ModelAdmin, request: AdminRequest, record: Model) -> Model:
    """Return the record as it is stored, also where the change took it out of sight."""
    seen: Model | None = model_admin.get_object(request, str(record.pk))
    return seen or _every_row(model_admin).get(pk=record.pk)


def _every_row(model_admin: ModelAdmin) -> QuerySet:
    every: Manager = model_admin.model._base_manager  # noqa: SLF001  # documented
    return every.using(router.db_for_write(model_admin.model))


def _require_change(
    model_admin: ModelAdmin, request: AdminRequest, record: Model
) -> None:
    if model_admin.has_change_permission(request, record):
        return
    meta = model_admin.opts
    raise ToolRefused(
        f"This user may view this {meta.verbose_name} but not change it."
        f" The permission is {meta.app_label}.change_{meta.model_name}.",
        code="permission_missing",
    )


def _require_version(record: Model, expected: str) -> None:
    if expected and expected != version_of(record):
        raise ToolFailed(
            "The record was changed since you read it. Nothing was changed.",
            code="conflict",
            following="Call get_record again and decide with the present values.",
        )


def _save(
    caller: Caller,
    model_admin: ModelAdmin,
    request: AdminRequest,
    opened: OpenForm,
    *,
    values: dict[str, Any],
) -> str:
    """Save as the change view does; return what the history says, "" for no change."""
    form, formsets = opened.form, opened.formsets
    form_is_valid = form.is_valid()
    record = (
        model_admin.save_form(request, form, change=True)
        if form_is_valid
        else form.instance
    )
    if not all_valid(formsets) or not form_is_valid:
        raise _invalid(opened, asked=set(values))
    require_untouched(opened, asked=set(values))
    require_applied(form, values)
    if not set(form.changed_data) & values.keys():
        return ""
    model_admin.save_model(request, record, form, change=True)
    model_admin.save_related(request, form, formsets, change=True)
    construct: Any = model_admin.construct_change_message
    message = construct(request, form, formsets, add=False)
    history = _history_text(message, caller)
    model_admin.log_change(request, record, history)
    return history


def _history_text(message: Any, caller: Caller) -> str:
    """Return the change message as people read it, and through which client it came."""
    told = message if isinstance(message, str) else json.dumps(message)
    entry = LogEntry(change_message=told)
    via = gettext("Via %(client)s.") % {"client": caller.client_name}
    return f"{entry.get_change_message()} {via}"


def _values_of(
    record: Model, model_admin: ModelAdmin, opened: OpenForm, *, names: list[str]
) -> dict[str, Any]:
    return {name: value_on_page(name, record, model_admin, opened) for name in names}


def _invalid(opened: OpenForm, *, asked: set[str]) -> ToolFailed:
    """Return the form's own messages, keyed by field; rows by `inline-row-field`."""
    fields = {
        name: [str(error) for error in errors]
        for name, errors in opened.form.errors.items()
    }
    for formset in opened.formsets:
        if not formset.is_valid():
            fields |= _row_errors(formset)
    others = sorted(fields.keys() - asked - {NON_FIELD_ERRORS})
    return ToolFailed(
        "The values are not valid. Nothing was changed.",
        code="invalid_values",
        fields=fields,
        following=(
            f"The form also demands a change of: {', '.join(others)}." if others else ""
        ),
    )


def _row_errors(formset: Any) -> dict[str, list[str]]:
    errors = {
        row.add_prefix(name): list(messages)
        for row in formset.forms
        for name, messages in row.errors.items()
    }
    general = list(formset.non_form_errors())
    return errors | ({formset.prefix: general} if general else {})


UPDATE_RECORD = Tool(
    name="update_record",
    title="Change a record",
    description=(
        "Changes fields of one record through its admin form: all of them or none."
        " Name only what is to change, as describe_model names it; pass `version` of"
        " get_record as expected_version. The change stands in the record's history."
    ),
    needs=Scope.WRITE,
    input=UpdateRecordArguments,
    output=UpdateRecordAnswer,
    run=update_record,
    read_only=False,
    destructive=True,
    idempotent=True,
)
