"""The tool `get_record`: one record, as its change page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from django.contrib.admin.utils import flatten_fieldsets

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Answer, Arguments, Tool
from agent_connector.tools.modeladmin.find import find_admin, find_record, is_open_model
from agent_connector.tools.modeladmin.form import (
    OpenForm,
    open_form,
    read_only_names,
    shown_names,
)
from agent_connector.tools.modeladmin.links import record_path, site_of
from agent_connector.tools.modeladmin.log_entries import History, HistoryEntry
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.sealed import name_of
from agent_connector.tools.modeladmin.settable import is_secret
from agent_connector.tools.modeladmin.values import (
    LONG_TEXT_CHARACTERS,
    SHORT_TEXT_CHARACTERS,
    fitting_rows,
    plain,
    shown_value,
    text,
)
from agent_connector.tools.modeladmin.version import version_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import InlineModelAdmin
    from django.db.models import Model
    from django.forms import BaseInlineFormSet

    from agent_connector.policy.caller import Caller

MAX_INLINE_ROWS = 50
MAX_INLINE_BYTES = 40_000
"""Of the rows of all inlines of one answer."""

MAX_HISTORY_ENTRIES = 5

ModelName = Annotated[
    str,
    msgspec.Meta(
        max_length=200,
    ),
]
RecordId = (
    Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=255,
        ),
    ]
    | int
)


class GetRecordArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    id: RecordId
    include: Annotated[
        tuple[Literal["inlines", "history"], ...],
        msgspec.Meta(description="Besides the fields."),
    ] = ("inlines",)


class InlineRows(msgspec.Struct, frozen=True, omit_defaults=True):
    """Records that are shown on the page of the one that they belong to."""

    label: str
    total: int
    rows: list[dict[str, Any]]
    more: bool = False


class GetRecordAnswer(Answer, frozen=True, kw_only=True):
    model: str
    id: str
    label: str
    url: str
    version: str
    """Changes whenever a stored value does; pass it as `expected_version`."""

    values: dict[str, Any]
    read_only: list[str] = []
    inlines: dict[str, InlineRows] = {}
    history: list[HistoryEntry] = []


def get_record(caller: Caller, arguments: GetRecordArguments) -> GetRecordAnswer:
    """Return what the change page shows this user of the record."""
    model_admin = find_admin(caller, arguments.model)
    pk = str(arguments.id)
    request = AdminRequest(caller, path=record_path(model_admin, pk))
    record = find_record(model_admin, request, pk)
    opened = open_form(model_admin, request, record)
    names = shown_names(model_admin, request, opened)
    read_only = read_only_names(model_admin, request, record)
    return GetRecordAnswer(
        model=label_of(model_admin.model),
        id=str(record.pk),
        label=text(str(record), limit=SHORT_TEXT_CHARACTERS),
        url=site_of(caller) + record_path(model_admin, record.pk),
        version=version_of(record, opened.formsets),
        values={
            name_of(name): value_on_page(name, record, model_admin, opened)
            for name in names
        },
        read_only=[name_of(name) for name in names if name in read_only],
        inlines=_inlines(request, opened) if "inlines" in arguments.include else {},
        history=(
            _history(model_admin, request, record)
            if "history" in arguments.include
            else []
        ),
    )


def _history(
    model_admin: ModelAdmin, request: AdminRequest, record: Model
) -> list[HistoryEntry]:
    history = History(request=request, admins=[model_admin], record=record)
    most = min(MAX_HISTORY_ENTRIES, request.caller.most_rows)
    return history.read(limit=most).entries


def value_on_page(
    name: Any, record: Model, model_admin: ModelAdmin, opened: OpenForm
) -> Any:
    """Return one value; a field that only the form knows shows its initial value."""
    field = opened.form.fields.get(name)
    if field is not None and not hasattr(record, str(name)):
        return plain(opened.form[name].initial, limit=LONG_TEXT_CHARACTERS)
    return shown_value(name, record, model_admin, limit=LONG_TEXT_CHARACTERS)


def _inlines(request: AdminRequest, opened: OpenForm) -> dict[str, InlineRows]:
    record = opened.form.instance
    shown = {}
    left = MAX_INLINE_BYTES
    for formset, inline in zip(opened.formsets, opened.inlines, strict=True):
        if not (
            inline.has_view_or_change_permission(request, record)
            and is_open_model(inline.model)
        ):
            continue
        rows = _rows(formset, inline, request=request, record=record)
        fitting = fitting_rows(rows, most=left)
        left -= len(msgspec.json.encode(rows[:fitting]))
        total = formset.get_queryset().count()
        shown[str(formset.prefix)] = InlineRows(
            label=str(inline.verbose_name_plural),
            total=total,
            rows=rows[:fitting],
            more=total > fitting,
        )
    return shown


def _rows(
    formset: BaseInlineFormSet,
    inline: InlineModelAdmin,
    *,
    request: AdminRequest,
    record: Model,
) -> list[dict[str, Any]]:
    most = request.caller.most_rows
    names = [
        name
        for name in flatten_fieldsets(inline.get_fieldsets(request, record))
        if not is_secret(name_of(name), formset.form.base_fields.get(name))
    ]
    return [
        {"id": str(row.pk)}
        | {
            name_of(name): shown_value(name, row, inline, limit=SHORT_TEXT_CHARACTERS)
            for name in names
        }
        for row in formset.get_queryset()[: min(MAX_INLINE_ROWS, most)]
    ]


GET_RECORD = Tool(
    name="get_record",
    title="Get a record",
    description=(
        "Shows one record as its page in the admin does: fields, calculated values,"
        " rows that belong to it and, if asked for, its last changes, with a version"
        " stamp."
    ),
    needs=Scope.READ,
    input=GetRecordArguments,
    output=GetRecordAnswer,
    run=get_record,
    read_only=True,
    destructive=False,
    idempotent=True,
)
