"""The tool `list_models`: what there is to work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from django.apps import apps

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Answer, Arguments, Tool
from agent_connector.tools.modeladmin.find import viewable
from agent_connector.tools.modeladmin.links import index_path, list_path, site_of
from agent_connector.tools.modeladmin.request import AdminRequest

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    from agent_connector.policy.caller import Caller

COUNTED_RECORDS = 1000
"""Counting stops here, so that a table of any size costs the same."""


class ListModelsArguments(Arguments, frozen=True, kw_only=True):
    query: Annotated[
        str,
        msgspec.Meta(max_length=200, description="Part of a name or label."),
    ] = ""
    app: Annotated[
        str, msgspec.Meta(max_length=200, description="Only models of this app.")
    ] = ""


class May(msgspec.Struct, frozen=True):
    """What this user may do in the admin; the connection's level may be narrower."""

    add: bool
    change: bool
    delete: bool


class ListedModel(msgspec.Struct, frozen=True):
    """One model, by the name that all tools take."""

    model: str
    label: str
    app: str
    records: Annotated[str, msgspec.Meta(description="How many this user can see.")]
    may: May
    url: str


class ListModelsAnswer(Answer, frozen=True, kw_only=True):
    models: list[ListedModel]


def list_models(caller: Caller, arguments: ListModelsArguments) -> ListModelsAnswer:
    """Return the models of the admin's index, for this user."""
    request = AdminRequest(caller, path=index_path())
    listed = [
        _listed(caller, request, model_admin)
        for model_admin in viewable(request)
        if model_admin.has_module_permission(request)
        and arguments.app.lower() in {"", model_admin.opts.app_label}
        and _matches(model_admin, arguments.query)
    ]
    return ListModelsAnswer(models=sorted(listed, key=lambda one: one.model))


def may_of(model_admin: ModelAdmin, request: AdminRequest) -> May:
    """Return what the user may do with records of this model in general."""
    return May(
        add=model_admin.has_add_permission(request),
        change=model_admin.has_change_permission(request),
        delete=model_admin.has_delete_permission(request),
    )


def _matches(model_admin: ModelAdmin, query: str) -> bool:
    label = f"{label_of(model_admin.model)} {model_admin.opts.verbose_name_plural}"
    return query.lower() in label.lower()


def _listed(
    caller: Caller, request: AdminRequest, model_admin: ModelAdmin
) -> ListedModel:
    return ListedModel(
        model=label_of(model_admin.model),
        label=str(model_admin.opts.verbose_name_plural),
        app=str(apps.get_app_config(model_admin.opts.app_label).verbose_name),
        records=_count(model_admin, request),
        may=may_of(model_admin, request),
        url=site_of(caller) + list_path(model_admin),
    )


def _count(model_admin: ModelAdmin, request: AdminRequest) -> str:
    rows = model_admin.get_queryset(request).order_by()
    count = rows[: COUNTED_RECORDS + 1].count()
    return f"{COUNTED_RECORDS}+" if count > COUNTED_RECORDS else str(count)


LIST_MODELS = Tool(
    name="list_models",
    title="List models",
    description=(
        "Names the models that this user may view, such as `shop.order`, and what the"
        " user may do with each."
    ),
    needs=Scope.READ,
    input=ListModelsArguments,
    output=ListModelsAnswer,
    run=list_models,
    read_only=True,
    destructive=False,
    idempotent=True,
    ends_refusals=False,
)
