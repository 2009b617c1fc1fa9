"""The tool `preview_change`: what an act would do, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.confirmation import confirmation_of
from agent_connector.tools.definition import Answer, Arguments, Tool, ToolFailed
from agent_connector.tools.modeladmin.actions import Run, find_action
from agent_connector.tools.modeladmin.changed_rows import Change, ChangedRows
from agent_connector.tools.modeladmin.chosen import (
    Ids,
    Matching,
    RecordShown,
    choose,
    find_records,
    list_request,
    shown,
    versions_of,
)
from agent_connector.tools.modeladmin.deletion import plan_deletion
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.get_record import ModelName
from agent_connector.tools.modeladmin.links import list_path, site_of
from agent_connector.tools.modeladmin.narrowed import require_writable
from agent_connector.tools.modeladmin.permission import permission_to
from agent_connector.tools.modeladmin.preview_update import preview_update
from agent_connector.tools.modeladmin.rows import rows_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


class PreviewChangeArguments(Arguments, frozen=True, kw_only=True):
    kind: Literal["delete", "action", "update"]
    model: ModelName
    ids: Ids = []
    all_matching: Matching = msgspec.UNSET
    action: Annotated[str, msgspec.Meta(max_length=200)] = ""
    values: Annotated[
        dict[str, Any], msgspec.Meta(description="As for update_record.")
    ] = {}
    inlines: dict[str, Any] = {}


class PreviewChangeAnswer(Answer, frozen=True, kw_only=True):
    model: str
    total: int
    records: list[RecordShown]
    """The first of them."""

    confirm: str = ""
    """For delete_records or run_action, within ten minutes."""

    missing_permissions: list[str] = []
    protected_by: list[str] = []
    counts: dict[str, int] = {}
    deletes: list[Any] = []
    action: str = ""
    changes: dict[str, Change] = {}
    inlines: dict[str, ChangedRows] = {}
    errors: dict[str, list[str]] = {}
    url: str


_FITTING = {
    "delete": {"ids"},
    "action": {"ids", "all_matching", "action"},
    "update": {"ids", "values", "inlines"},
}
"""The arguments that mean something to each kind."""


def preview_change(
    caller: Caller, arguments: PreviewChangeArguments
) -> PreviewChangeAnswer:
    """Return what would happen. Nothing is changed, and no action is run."""
    for name in set().union(*_FITTING.values()) - _FITTING[arguments.kind]:
        if getattr(arguments, name):
            raise ToolFailed(
                f"`{name}` means nothing to the kind `{arguments.kind}`.",
                code="invalid_arguments",
                allowed=sorted(_FITTING[arguments.kind]),
            )
    model_admin = find_admin(caller, arguments.model)
    require_writable(model_admin)
    match arguments.kind:
        case "delete":
            return _preview_delete(caller, model_admin, arguments)
        case "action":
            return _preview_action(caller, model_admin, arguments)
        case _:
            return _preview_update(caller, model_admin, arguments)


def _preview_delete(
    caller: Caller, model_admin: ModelAdmin, arguments: PreviewChangeArguments
) -> PreviewChangeAnswer:
    records = find_records(caller, model_admin, arguments.ids)
    plan = plan_deletion(model_admin, list_request(caller, model_admin), records)
    possible = not plan.missing and not plan.protected
    return _answer(
        caller,
        model_admin,
        records,
        confirm=confirmation_of(caller, plan.act) if possible else "",
        missing_permissions=plan.missing,
        protected_by=plan.protected,
        counts=plan.counts,
        deletes=plan.tree,
    )


def _preview_action(
    caller: Caller, model_admin: ModelAdmin, arguments: PreviewChangeArguments
) -> PreviewChangeAnswer:
    request = list_request(caller, model_admin)
    action = find_action(model_admin, request, arguments.action)
    chosen = choose(
        caller, model_admin, ids=arguments.ids, all_matching=arguments.all_matching
    )
    run = Run(
        caller=caller,
        model_admin=model_admin,
        action=action,
        chosen=chosen,
        versions=versions_of(chosen.records),
    )
    return _answer(
        caller,
        model_admin,
        chosen.records,
        action=action.label,
        confirm=confirmation_of(caller, run.act()),
    )


def _preview_update(
    caller: Caller, model_admin: ModelAdmin, arguments: PreviewChangeArguments
) -> PreviewChangeAnswer:
    records = find_records(caller, model_admin, arguments.ids)
    if len(records) != 1:
        raise ToolFailed(
            "A change is previewed for one record at a time.", code="invalid_arguments"
        )
    request = list_request(caller, model_admin)
    if not model_admin.has_change_permission(request, records[0]):
        missing = [permission_to("change", model_admin.opts)]
        return _answer(caller, model_admin, records, missing_permissions=missing)
    preview = preview_update(
        caller,
        model_admin,
        records[0],
        values=arguments.values,
        inlines=rows_in(arguments.inlines),
    )
    return _answer(
        caller,
        model_admin,
        records,
        changes=preview.changes,
        inlines=preview.inlines,
        errors=preview.errors,
    )


def _answer(
    caller: Caller, model_admin: ModelAdmin, records: Sequence[Model], **more: Any
) -> PreviewChangeAnswer:
    return PreviewChangeAnswer(
        model=label_of(model_admin.model),
        total=len(records),
        records=shown(caller, model_admin, records),
        url=site_of(caller) + list_path(model_admin),
        **more,
    )


PREVIEW_CHANGE = Tool(
    name="preview_change",
    title="Preview a change",
    description=(
        "Shows what a deletion, action or change would do, or what prevents it."
        " Gives `confirm` for delete_records and run_action."
    ),
    needs=Scope.READ,
    input=PreviewChangeArguments,
    output=PreviewChangeAnswer,
    run=preview_change,
    read_only=True,
    destructive=False,
    idempotent=True,
)
