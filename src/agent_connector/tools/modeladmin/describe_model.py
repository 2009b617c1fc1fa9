"""The tool `describe_model`: how to search, read and change one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.contrib.admin.utils import (
    flatten_fieldsets,
    label_for_field,
    model_format_dict,
)

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Answer, Arguments, Tool
from agent_connector.tools.modeladmin.columns import Column, described_columns
from agent_connector.tools.modeladmin.filters import Filter, described_filters
from agent_connector.tools.modeladmin.find import find_admin, find_record, is_open_model
from agent_connector.tools.modeladmin.form import change_form_class, read_only_names
from agent_connector.tools.modeladmin.get_record import ModelName
from agent_connector.tools.modeladmin.links import list_path, record_path, site_of
from agent_connector.tools.modeladmin.list_models import May, may_of
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.schema import form_schema, required_names
from agent_connector.tools.modeladmin.sealed import name_of, seal
from agent_connector.tools.modeladmin.settable import is_secret, obstacle_to

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model
    from django.forms import ModelForm

    from agent_connector.policy.caller import Caller


class DescribeModelArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    id: (
        Annotated[
            str,
            msgspec.Meta(
                max_length=255,
                description="Describe the form of this record; empty: of any.",
            ),
        ]
        | int
    ) = ""


class Named(msgspec.Struct, frozen=True):
    name: str
    label: str


class InlineSummary(msgspec.Struct, frozen=True):
    """Records that are shown on the page of the one that they belong to."""

    model: str
    label: str
    fields: list[str]


class DescribeModelAnswer(Answer, frozen=True, kw_only=True):
    model: str
    label: str
    label_plural: str
    url: str
    may: May
    search: str = ""
    columns: list[Column] = []
    filters: list[Filter] = []
    fields: Annotated[
        dict[str, Any],
        msgspec.Meta(description="JSON Schema of `values` for update_record."),
    ]
    required: Annotated[
        list[str], msgspec.Meta(description="Fields that cannot be made empty.")
    ] = []
    read_only: list[Named] = []
    not_settable: dict[str, str] = {}
    inlines: list[InlineSummary] = []
    actions: list[Named] = []


def describe_model(
    caller: Caller, arguments: DescribeModelArguments
) -> DescribeModelAnswer:
    """Return what an agent needs to know before it calls the other tools."""
    model_admin = find_admin(caller, arguments.model)
    request = AdminRequest(caller, path=list_path(model_admin))
    pk = str(arguments.id)
    record = None
    if pk:
        page = AdminRequest(caller, path=record_path(model_admin, pk))
        record = find_record(model_admin, page, pk)
    sealed = seal(model_admin)
    changelist = sealed.get_changelist_instance(request)
    form = change_form_class(model_admin, request, record)(instance=record)
    meta = model_admin.opts
    return DescribeModelAnswer(
        model=label_of(model_admin.model),
        label=str(meta.verbose_name),
        label_plural=str(meta.verbose_name_plural),
        url=site_of(caller) + list_path(model_admin),
        may=may_of(model_admin, request),
        search=search_hint(sealed, request),
        columns=described_columns(changelist),
        filters=described_filters(changelist),
        fields=form_schema(form, request),
        required=required_names(form),
        read_only=_read_only(model_admin, request, record, form),
        not_settable={
            name: obstacle
            for name, field in form.fields.items()
            if (obstacle := obstacle_to(name, form)) and not is_secret(name, field)
        },
        inlines=_inlines(model_admin, request, record),
        actions=_actions(model_admin, request),
    )


def _actions(model_admin: ModelAdmin, request: AdminRequest) -> list[Named]:
    words = model_format_dict(model_admin.opts)
    actions: dict[str, Any] = model_admin.get_actions(request)
    return [
        Named(name=name, label=str(_label_of(action)) % words)
        for name, action in actions.items()
    ]


def _label_of(action: Any) -> Any:
    """Return the words of the list: an attribute since Django 6.1, a place before."""
    if hasattr(action, "plural_description"):
        return action.plural_description
    return action[2]


def search_hint(model_admin: ModelAdmin, request: AdminRequest) -> str:
    """Return what `query` searches in, or nothing when the list has no search."""
    fields = model_admin.get_search_fields(request)
    if not fields:
        return ""
    names = ", ".join(str(field).lstrip("^=@") for field in fields)
    return str(model_admin.search_help_text or f"Searches in: {names}.")


def _read_only(
    model_admin: ModelAdmin,
    request: AdminRequest,
    record: Model | None,
    form: ModelForm,
) -> list[Named]:
    names = flatten_fieldsets(model_admin.get_fieldsets(request, record))
    excluded = model_admin.get_exclude(request, record) or ()
    read_only = read_only_names(model_admin, request, record)
    return [
        Named(
            name=name_of(name),
            label=str(label_for_field(name, model_admin.model, model_admin, form=form)),
        )
        for name in names
        if name in read_only
        and name not in form.fields
        and name not in excluded
        and not is_secret(name_of(name))
    ]


def _inlines(
    model_admin: ModelAdmin, request: AdminRequest, record: Model | None
) -> list[InlineSummary]:
    return [
        InlineSummary(
            model=label_of(inline.model),
            label=str(inline.verbose_name_plural),
            fields=[
                name_of(name)
                for name in flatten_fieldsets(inline.get_fieldsets(request, record))
                if not is_secret(name_of(name), fields.get(name))
            ],
        )
        for inline in model_admin.get_inline_instances(request, record)
        for fields in [inline.get_formset(request, record).form.base_fields]
        if inline.has_view_or_change_permission(request, record)
        and is_open_model(inline.model)
    ]


DESCRIBE_MODEL = Tool(
    name="describe_model",
    title="Describe a model",
    description=(
        "Tells how to work with one model: the columns, filters and search of its list,"
        " and the fields of its form as JSON Schema, for this user. Call it before"
        " search_records with filters and before update_record."
    ),
    needs=Scope.READ,
    input=DescribeModelArguments,
    output=DescribeModelAnswer,
    run=describe_model,
    read_only=True,
    destructive=False,
    idempotent=True,
)
