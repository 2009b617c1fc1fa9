"""The tool `describe_model`: how to search, read, add, change and act on one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from django.contrib.admin import ShowFacets

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import (
    Answer,
    Arguments,
    Tool,
    ToolFailed,
    encode_answer,
)
from agent_connector.tools.modeladmin.actions import offered_actions
from agent_connector.tools.modeladmin.changelist import search_hint
from agent_connector.tools.modeladmin.columns import Column, described_columns
from agent_connector.tools.modeladmin.described_form import (
    InlineDescribed,
    Named,
    describe_form,
)
from agent_connector.tools.modeladmin.filters import Filter, described_filters
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.get_record import ModelName
from agent_connector.tools.modeladmin.links import add_path, list_path, site_of
from agent_connector.tools.modeladmin.list_models import May, may_of
from agent_connector.tools.modeladmin.page import open_page
from agent_connector.tools.modeladmin.permission import require_add
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.schema import (
    form_schema,
    required_names,
    without_choices,
)
from agent_connector.tools.modeladmin.sealed import seal
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    from agent_connector.policy.caller import Caller

MAX_BYTES = 30_000
CUT = "Choices are left out, since they are many: lookup_choices has them."
MAY_ASK = "It may ask with a form: run_action without `form` then names its fields."

Purpose = Literal["read", "add", "change", "action"]


class DescribeModelArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    purpose: Annotated[
        Purpose,
        msgspec.Meta(description="read: the list; add, change: the form."),
    ] = "read"
    id: (
        Annotated[
            str,
            msgspec.Meta(max_length=255, description="This record's form."),
        ]
        | int
    ) = ""
    action: Annotated[
        str, msgspec.Meta(max_length=200, description="With purpose action: which.")
    ] = ""


class ActionDescribed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of the list's menu, and what it asks for."""

    name: str
    label: str
    note: str = ""
    form: dict[str, Any] = {}


class DescribeModelAnswer(Answer, frozen=True, kw_only=True):
    model: str
    label: str
    label_plural: str
    url: str
    may: May
    search: str = ""
    facets: bool = False
    columns: list[Column] = []
    filters: list[Filter] = []
    actions: list[Named] = []
    fields: Annotated[
        dict[str, Any], msgspec.Meta(description="JSON Schema of `values`.")
    ] = {}
    required: Annotated[
        list[str], msgspec.Meta(description="Fields that cannot be left empty.")
    ] = []
    read_only: list[Named] = []
    not_settable: dict[str, str] = {}
    inlines: dict[str, InlineDescribed] = {}
    action: ActionDescribed | None = None
    truncated: str = ""


def describe_model(
    caller: Caller, arguments: DescribeModelArguments
) -> DescribeModelAnswer:
    """Return what an agent needs to know before it calls the other tools."""
    purpose = _purpose_of(arguments)
    model_admin = find_admin(caller, arguments.model, adding=purpose == "add")
    request = AdminRequest(caller, path=list_path(model_admin))
    listed = model_admin.has_view_or_change_permission(request)
    path = list_path(model_admin) if listed else add_path(model_admin)
    meta = model_admin.opts
    general = DescribeModelAnswer(
        model=label_of(model_admin.model),
        label=str(meta.verbose_name),
        label_plural=str(meta.verbose_name_plural),
        url=site_of(caller) + path,
        may=may_of(model_admin, request),
    )
    match purpose:
        case "read":
            found = _list(model_admin, request)
        case "action":
            found = {"action": _action(model_admin, request, arguments.action)}
        case _:
            found = _form(caller, model_admin, arguments, adding=purpose == "add")
    return _within_bytes(msgspec.structs.replace(general, **found))


def _purpose_of(arguments: DescribeModelArguments) -> Purpose:
    """Return what is asked for: an id alone asks for the form of its record."""
    purpose: Purpose = arguments.purpose
    if purpose == "read" and arguments.id != "":
        purpose = "change"
    stray = [
        name
        for name, fits in (("id", "change"), ("action", "action"))
        if getattr(arguments, name) != "" and purpose != fits
    ]
    if stray:
        raise ToolFailed(
            f"`{stray[0]}` does not go with the purpose {purpose}.",
            code="invalid_arguments",
        )
    return purpose


def _list(model_admin: ModelAdmin, request: AdminRequest) -> dict[str, Any]:
    sealed = seal(model_admin)
    changelist = sealed.get_changelist_instance(request)
    return {
        "search": search_hint(sealed, request),
        "facets": sealed.show_facets is not ShowFacets.NEVER,
        "columns": described_columns(changelist),
        "filters": described_filters(changelist),
        "actions": [
            Named(name=one.name, label=one.label)
            for one in offered_actions(model_admin, request)
        ],
    }


def _form(
    caller: Caller,
    model_admin: ModelAdmin,
    arguments: DescribeModelArguments,
    *,
    adding: bool,
) -> dict[str, Any]:
    page = open_page(caller, model_admin, pk=str(arguments.id), adding=adding)
    if adding:
        require_add(model_admin, page.request)
    return msgspec.structs.asdict(describe_form(model_admin, page))


def _action(
    model_admin: ModelAdmin, request: AdminRequest, name: str
) -> ActionDescribed:
    actions = {one.name: one for one in offered_actions(model_admin, request)}
    if name not in actions:
        raise ToolFailed(
            f"{quoted(name)} is not an action that this user may run."
            + did_you_mean(name, actions),
            code="unknown_action",
            allowed=actions,
        )
    action = actions[name]
    declared = getattr(action.function, "agent_form", None)
    if declared is None:
        return ActionDescribed(name=name, label=action.label, note=MAY_ASK)
    form = declared()
    schema = form_schema(form, request) | {"required": required_names(form)}
    return ActionDescribed(name=name, label=action.label, form=schema)


def _within_bytes(answer: DescribeModelAnswer) -> DescribeModelAnswer:
    """Return the answer; too long, without the choices of fields and filters."""
    if len(encode_answer(answer)) <= MAX_BYTES:
        return answer
    return msgspec.structs.replace(
        answer,
        fields=without_choices(answer.fields),
        filters=[
            msgspec.structs.replace(one, choices=[], more_choices=True)
            for one in answer.filters
        ],
        inlines={
            name: msgspec.structs.replace(one, fields=without_choices(one.fields))
            for name, one in answer.inlines.items()
        },
        truncated=CUT,
    )


DESCRIBE_MODEL = Tool(
    name="describe_model",
    title="Describe a model",
    description=(
        "For this user: columns, filters, search and actions of a model's list; with"
        " purpose add or change its form's fields and inlines as JSON Schema; with"
        " purpose action what an action asks for."
    ),
    needs=Scope.READ,
    input=DescribeModelArguments,
    output=DescribeModelAnswer,
    run=describe_model,
    read_only=True,
    destructive=False,
    idempotent=True,
)
