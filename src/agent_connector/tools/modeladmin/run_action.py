"""The tool `run_action`: press a button of the list, as the list's page does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import router, transaction

from agent_connector.models import ToolCall
from agent_connector.policy.scopes import Scope
from agent_connector.tools.confirmation import (
    Confirm,
    confirmation_of,
    require_confirmed,
)
from agent_connector.tools.definition import (
    Answer,
    Arguments,
    Ask,
    Link,
    Tool,
    ToolFailed,
)
from agent_connector.tools.modeladmin.action_answer import (
    ActionAnswer,
    FileShown,
    PageShown,
    read_answer,
)
from agent_connector.tools.modeladmin.actions import (
    Run,
    find_action,
    press_button,
    send,
)
from agent_connector.tools.modeladmin.chosen import (
    Chosen,
    Ids,
    Matching,
    choose,
    list_request,
    lock,
    versions_of,
)
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.form_fields import (
    FormField,
    described_fields,
    fill,
)
from agent_connector.tools.modeladmin.get_record import ModelName
from agent_connector.tools.modeladmin.history import (
    last_entry,
    log_act,
    new_entries,
    sign_entries,
    words_by_record,
)
from agent_connector.tools.modeladmin.links import list_path, site_of
from agent_connector.tools.modeladmin.narrowed import require_writable
from agent_connector.tools.modeladmin.noted import note_act, values_of
from agent_connector.tools.modeladmin.question import ask_to_run
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.save import every_row
from agent_connector.tools.transactions import join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


class RunActionArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    action: Annotated[str, msgspec.Meta(max_length=200)]
    ids: Ids = []
    all_matching: Matching = msgspec.UNSET
    form: Annotated[
        dict[str, Any] | msgspec.UnsetType,
        msgspec.Meta(description="Answers to `asks`."),
    ] = msgspec.UNSET
    confirm: Confirm


class RunActionAnswer(Answer, frozen=True, kw_only=True):
    model: str
    action: str
    records: int
    messages: list[str] = []
    history: str = ""
    file: FileShown | None = None
    page: PageShown | None = None
    leads_to: str = ""
    asks: list[FormField] = []
    confirm: str = ""
    """Nothing was done yet: call again with `form` and this."""

    url: str

    @property
    def links(self) -> tuple[Link, ...]:
        """The file that the action made: a person gets it from the list."""
        if self.file is None:
            return ()
        return (Link(self.url, self.file.name, self.file.media_type),)

    @property
    def outcome(self) -> ToolCall.Outcome:
        """What the record says: a page in between is a question, nothing done."""
        return ToolCall.Outcome.ASKED if self.confirm else ToolCall.Outcome.DONE


class _Start(NamedTuple):
    """What there was before the action did anything."""

    mark: int
    values: Mapping[str, dict[str, Any]]


def run_action(
    caller: Caller, arguments: RunActionArguments, ask: Ask
) -> RunActionAnswer:
    """Do what the button does: all of it, or nothing."""
    model_admin = find_admin(caller, arguments.model)
    require_writable(model_admin)
    request = list_request(caller, model_admin)
    action = find_action(model_admin, request, arguments.action)
    join(router.db_for_write(model_admin.model))
    lock(model_admin, _chosen(caller, model_admin, arguments).records)
    chosen = _chosen(caller, model_admin, arguments)
    run = Run(
        caller=caller,
        model_admin=model_admin,
        action=action,
        chosen=chosen,
        versions=versions_of(chosen.records),
    )
    given = arguments.form or {}
    answered = arguments.form is not msgspec.UNSET
    require_confirmed(caller, run.act(answered=answered), arguments.confirm)
    answers = {name: str(value) for name, value in given.items()}
    ask(ask_to_run(action.label, chosen.records, answers))
    return _go_on(run, given) if answered else _begin(run)


def _chosen(
    caller: Caller, model_admin: ModelAdmin, arguments: RunActionArguments
) -> Chosen:
    return choose(
        caller, model_admin, ids=arguments.ids, all_matching=arguments.all_matching
    )


def _begin(run: Run) -> RunActionAnswer:
    """Press the button; a page in between leaves nothing done."""
    start = _start_of(run)
    using = router.db_for_write(run.model_admin.model)
    with transaction.atomic(using=using):
        request, answer = _sent(run, press_button(run))
        if answer.form is not None:
            transaction.set_rollback(True, using=using)
    if answer.form is None:
        return _done(run, request, answer, start)
    return _answer(
        run,
        request,
        answer,
        asks=described_fields(answer.form),
        confirm=confirmation_of(run.caller, run.act(answered=True)),
    )


def _go_on(run: Run, given: Mapping[str, Any]) -> RunActionAnswer:
    """Open the page in between once more, as the person had it, fill it in, send it."""
    using = router.db_for_write(run.model_admin.model)
    with transaction.atomic(using=using):
        _, answer = _sent(run, press_button(run))
        transaction.set_rollback(True, using=using)
    if answer.form is None:
        raise ToolFailed(
            "The action asks nothing any more. Nothing was changed.",
            code="not_applied",
            following="Call preview_change again, then run_action without `form`.",
        )
    start = _start_of(run)
    filled = fill(answer.form, given)
    if dict(filled)["action"] != run.action.name:
        raise ToolFailed(
            "The page of this action starts another one. Nothing was changed.",
            code="not_supported",
            following="A person can run it in the admin.",
        )
    request, answer = _sent(run, filled)
    if answer.form is not None:
        raise _unanswered(answer)
    return _done(run, request, answer, start)


def _start_of(run: Run) -> _Start:
    request = list_request(run.caller, run.model_admin)
    values = values_of(run.model_admin, request, run.chosen.records)
    return _Start(last_entry(), values)


def _unanswered(answer: ActionAnswer) -> ToolFailed:
    if not answer.errors:
        return ToolFailed(
            "The action asks in several steps. Nothing was changed.",
            code="not_supported",
            following="A person can run it in the admin.",
        )
    return ToolFailed(
        "The answers are not valid. Nothing was changed.",
        code="invalid_values",
        fields={name or NON_FIELD_ERRORS: said for name, said in answer.errors.items()},
        following="Call run_action again with other answers and the same `confirm`.",
    )


def _sent(run: Run, pairs: list[tuple[str, str]]) -> tuple[AdminRequest, ActionAnswer]:
    request, response = send(run, pairs)
    return request, read_answer(request, response)


def _done(
    run: Run, request: AdminRequest, answer: ActionAnswer, start: _Start
) -> RunActionAnswer:
    """Complete the history: what the action itself logged, it knows better."""
    chosen, about = run.chosen, (run.caller, run.model_admin, run.chosen.pks)
    told = words_by_record(sign_entries(*about, after=start.mark))
    untold = [record for record in chosen.records if str(record.pk) not in told]
    if told or answer.leads_to or answer.file or answer.page:
        # Not everything that was chosen was touched: an export changes nothing.
        untold = _changed(run, untold)
    message = log_act(run.caller, untold, f"{run.action.label}.") if untold else ""
    history = message or next(iter(told.values()), "")
    entries = new_entries(*about, after=start.mark)
    keys = [record.pk for record in chosen.records]
    note_act(run.model_admin, request, start.values, keys, entries)
    return _answer(run, request, answer, history=history)


def _changed(run: Run, records: list[Model]) -> list[Model]:
    rows = every_row(run.model_admin).filter(pk__in=[one.pk for one in records])
    now = versions_of(rows)
    return [one for one in records if now.get(str(one.pk)) != run.versions[str(one.pk)]]


def _answer(
    run: Run, request: AdminRequest, answer: ActionAnswer, **more: Any
) -> RunActionAnswer:
    return RunActionAnswer(
        model=run.model_admin.opts.label_lower,
        action=run.action.name,
        records=len(run.chosen.records),
        messages=request.said,
        file=answer.file,
        page=answer.page,
        leads_to=answer.leads_to,
        url=site_of(run.caller) + list_path(run.model_admin),
        **more,
    )


RUN_ACTION = Tool(
    name="run_action",
    title="Run an action",
    description=(
        "Runs an action of a model's list, as its button does. If the answer has"
        " `asks`, nothing was done yet: call again with `form` and the new `confirm`."
    ),
    needs=Scope.DELETE,
    input=RunActionArguments,
    output=RunActionAnswer,
    run=run_action,
    asks=True,
    read_only=False,
    destructive=True,
    idempotent=False,
)
