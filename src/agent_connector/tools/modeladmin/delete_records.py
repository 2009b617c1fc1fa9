"""The tool `delete_records`: delete records, as the admin does after its question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.db import router

from agent_connector.policy.exposure import label_of
from agent_connector.policy.scopes import Scope
from agent_connector.tools.confirmation import Confirm, require_confirmed
from agent_connector.tools.definition import (
    Answer,
    Arguments,
    Ask,
    Tool,
    ToolFailed,
    ToolRefused,
)
from agent_connector.tools.modeladmin.chosen import (
    Ids,
    find_records,
    list_request,
    lock,
)
from agent_connector.tools.modeladmin.deletion import Deletion, plan_deletion
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.get_record import ModelName
from agent_connector.tools.modeladmin.history import (
    last_entry,
    sign_entries,
    words_by_record,
)
from agent_connector.tools.modeladmin.links import list_path, site_of
from agent_connector.tools.modeladmin.narrowed import require_writable
from agent_connector.tools.modeladmin.noted import note_act, values_of
from agent_connector.tools.modeladmin.question import ask_to_delete
from agent_connector.tools.modeladmin.request import AdminRequest, posted
from agent_connector.tools.modeladmin.save import every_row
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, text
from agent_connector.tools.transactions import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


class DeleteRecordsArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    ids: Ids
    confirm: Confirm


class DeleteRecordsAnswer(Answer, frozen=True, kw_only=True):
    model: str
    deleted: list[str]
    """As people knew them."""

    counts: dict[str, int]
    kept: Annotated[
        list[str], msgspec.Meta(description="Ids that the site still stores.")
    ] = []
    history: str = ""
    messages: list[str] = []
    url: str


def delete_records(
    caller: Caller, arguments: DeleteRecordsArguments, ask: Ask
) -> DeleteRecordsAnswer:
    """Delete all of the records and what goes with them, or nothing."""
    model_admin = find_admin(caller, arguments.model)
    require_writable(model_admin)
    join(router.db_for_write(model_admin.model))
    lock(model_admin, find_records(caller, model_admin, arguments.ids))
    records = find_records(caller, model_admin, arguments.ids)
    page = list_request(caller, model_admin)
    plan = plan_deletion(model_admin, page, records)
    _require_possible(plan)
    require_confirmed(caller, plan.act, arguments.confirm)
    ask(ask_to_delete(records, plan.counts))
    return _delete(caller, model_admin, records, plan)


def _delete(
    caller: Caller,
    model_admin: ModelAdmin,
    records: Sequence[Model],
    plan: Deletion,
) -> DeleteRecordsAnswer:
    request = list_request(caller, model_admin, form=posted([("post", "yes")]))
    labels = [text(str(one), limit=SHORT_TEXT_CHARACTERS) for one in records]
    pks = [one.pk for one in records]
    before, mark = values_of(model_admin, request, records), last_entry()
    _as_the_admin_does(model_admin, request, records)
    entries = sign_entries(caller, model_admin, [str(pk) for pk in pks], after=mark)
    note_act(model_admin, request, before, pks, entries)
    told = words_by_record(entries)
    kept = every_row(model_admin).filter(pk__in=pks).values_list("pk", flat=True)
    return DeleteRecordsAnswer(
        model=label_of(model_admin.model),
        deleted=labels,
        counts=plan.counts,
        kept=[str(pk) for pk in kept],
        history=next(iter(told.values()), ""),
        messages=request.said,
        url=site_of(caller) + list_path(model_admin),
    )


def _as_the_admin_does(
    model_admin: ModelAdmin, request: AdminRequest, records: Sequence[Model]
) -> None:
    """Delete several as the list does, and one as its own page does.

    Where the list offers no deletion, a person would go through the pages.
    """
    if len(records) > 1 and "delete_selected" in model_admin.get_actions(request):
        pks = [one.pk for one in records]
        queryset = model_admin.get_queryset(request).filter(pk__in=pks)
        model_admin.log_deletions(request, queryset)
        model_admin.delete_queryset(request, queryset)
        return
    log_deletions: Any = model_admin.log_deletions  # takes a list, as Django's own view
    for record in records:
        log_deletions(request, [record])
        model_admin.delete_model(request, record)


def _require_possible(plan: Deletion) -> None:
    if plan.missing:
        raise ToolRefused(
            f"This user lacks: {', '.join(plan.missing)}. Nothing was deleted.",
            code="permission_missing",
            reason="permission_missing",
        )
    if plan.protected:
        raise ToolFailed(
            "Other records still need these. Nothing was deleted.",
            code="protected",
            following="preview_change names them.",
            reason="protected",
        )


DELETE_RECORDS = Tool(
    name="delete_records",
    title="Delete records",
    description=("Deletes records and what depends on them. It cannot be undone."),
    needs=Scope.DELETE,
    input=DeleteRecordsArguments,
    output=DeleteRecordsAnswer,
    run=delete_records,
    asks=True,
    read_only=False,
    destructive=True,
    idempotent=True,
)
