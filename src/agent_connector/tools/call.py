"""Call a tool: the only path, which leaves exactly one record of each attempt."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, router
from django.utils import timezone, translation

from agent_connector.connections.recheck import recheck_connection
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.models import ToolCall
from agent_connector.models.trouble import DATABASE_TROUBLE
from agent_connector.policy.caller import Caller
from agent_connector.policy.permissions import may_run
from agent_connector.policy.role import limits_on
from agent_connector.policy.rules import Denial, may_use
from agent_connector.policy.settings import setting_on
from agent_connector.tools.arguments import parse_arguments
from agent_connector.tools.changes import noted_changes
from agent_connector.tools.definition import (
    Answer,
    Ask,
    ConnectionEnded,
    EncodedAnswer,
    RoleChanged,
    ScopeMissing,
    SiteReadOnly,
    Suspended,
    SwitchedOff,
    Tool,
    ToolFailed,
    ToolRefused,
    TooManyCalls,
    UnknownTool,
    encode_answer,
)
from agent_connector.tools.failures import failure_of
from agent_connector.tools.pace import require_pace
from agent_connector.tools.recording import Record, reason_on_record, recorder_of
from agent_connector.tools.registry import find_tool
from agent_connector.tools.shortened import MAX_ANSWER_BYTES, encoded_within
from agent_connector.tools.transactions import one_transaction

logger = logging.getLogger(__name__)

_UNLISTED = frozenset(
    {
        Denial.ABOVE_CEILING,
        Denial.PERMISSION_MISSING,
        Denial.ROLE_FORBIDS,
        Denial.SITE_READ_ONLY,
    }
)


def is_listed(caller: Caller, tool: Tool) -> bool:
    """Say whether the caller is told of the tool at all.

    A tool above the ceiling does not exist for the caller, nor one that a role forbids
    or whose permissions the user lacks, nor one that changes data while the site is
    read-only. One that only the level of the connection does not reach is listed, so
    that the user can be asked for more.
    """
    return denial_of(caller, tool) not in _UNLISTED


def explains_itself(caller: Caller, tool: Tool) -> bool:
    """Say whether calling an unlisted tool is answered with the reason.

    A client goes on calling what was listed before the site became read-only.
    """
    return denial_of(caller, tool) is Denial.SITE_READ_ONLY


def denial_of(caller: Caller, tool: Tool) -> Denial | None:
    """Return why the caller may not use the tool: first what the user may never do."""
    held = may_run(
        caller.user,
        permissions=tool.permissions,
        superusers_only=tool.superusers_only,
    )
    return held.denial or may_use(caller, tool.name, needs=tool.needs).denial


def ask_nobody(question: str) -> None:
    """Stand in for a person who cannot be asked."""
    del question


def call_tool(
    caller: Caller,
    name: str,
    arguments: Any,
    *,
    now: datetime,
    ask: Ask = ask_nobody,
) -> Answer:
    """Run the tool `name` and return its answer.

    Raises:
        Asked: `ask` waits for the person's answer.
        ToolFailed: it was refused, is unknown, or could not do it. The message is safe
            to show to the agent; a bug's own message never is.
        OperationalError, InterfaceError: the database is in trouble; try again later.
    """
    record = recorder_of(caller, name, arguments, now=now)
    require_pace(caller, record, now=now)
    try:
        with _site_defaults():
            tool = _usable_tool(caller, name)
            given = parse_arguments(tool, arguments)
            run = functools.partial(tool.run, caller, given)
            if tool.asks:
                run = functools.partial(run, ask)
            return _run(caller, tool, run, record=record, now=now)
    except DATABASE_TROUBLE as trouble:
        with contextlib.suppress(DatabaseError):
            record(ToolCall.Outcome.FAILED, type(trouble).__name__)
        raise
    except Exception as error:
        failure = failure_of(error) or _bug(name, error)
        reason = reason_on_record(caller, failure)
        record(failure.outcome, reason, counts=failure.counts)
        if failure is error:
            raise
        raise failure from error


def record_unrun(caller: Caller, name: str, arguments: Any, *, now: datetime) -> None:
    """Record a call that the wire protocol stopped before it came to a tool."""
    record = recorder_of(caller, name, arguments, now=now)
    with contextlib.suppress(TooManyCalls):
        require_pace(caller, record, now=now)
        _record_unrun(caller, name, record)


def _record_unrun(caller: Caller, name: str, record: Record) -> None:
    try:
        with contextlib.suppress(ScopeMissing):  # it is listed all the same
            _usable_tool(caller, name)
        record(ToolCall.Outcome.FAILED, "malformed call")
    except ToolRefused as refusal:
        record(refusal.outcome, refusal.reason, counts=refusal.counts)


def _run(
    caller: Caller,
    tool: Tool,
    run: Callable[[], Answer],
    *,
    record: Record,
    now: datetime,
) -> Answer:
    if tool.read_only:
        # Without a transaction: on SQLite it would hold the write lock while reading.
        answer = run()
        sent = _not_too_long(answer)
        record(answer.outcome, ends_refusals=tool.ends_refusals, locks_user=False)
        return sent
    with one_transaction(router.db_for_write(ToolCall)), noted_changes() as changes:
        answer = run()
        sent = encoded_within(answer)
        record(
            answer.outcome,
            object_id=getattr(answer, "id", ""),
            changes=changes,
            ends_refusals=tool.ends_refusals,
        )
        _require_still(caller, tool, now=now)
    return sent


def _not_too_long(answer: Answer) -> EncodedAnswer:
    """Return the answer of a tool that reads, which may be asked for less."""
    encoded = encode_answer(answer)
    if len(encoded) <= MAX_ANSWER_BYTES:
        return EncodedAnswer(encoded=encoded, linked=answer.links)
    raise ToolFailed(
        f"The answer would have {len(encoded)} bytes; at most {MAX_ANSWER_BYTES} are"
        " sent.",
        code="too_long",
        following="Ask for fewer rows or columns, or leave the inlines out.",
    )


def _usable_tool(caller: Caller, name: str) -> Tool:
    tool = find_tool(name)
    if tool is None:
        raise _unknown(caller, name, tool)
    _require_use(caller, tool)
    return tool


def _require_use(caller: Caller, tool: Tool) -> None:
    match denial_of(caller, tool):
        case None:
            return
        case Denial.SITE_READ_ONLY:
            raise SiteReadOnly(tool)
        case Denial.SCOPE_MISSING:
            raise ScopeMissing(tool)
        case _:
            raise _unknown(caller, tool.name, tool)


def _unknown(caller: Caller, name: str, tool: Tool | None) -> UnknownTool:
    """Return the same words whether or not there is one; the record has the reason."""
    denial = None if tool is None else denial_of(caller, tool)
    return UnknownTool(name, reason=denial or "unknown tool")


def _require_still(caller: Caller, tool: Tool, *, now: datetime) -> None:
    """Judge the caller once more before a change is committed."""
    fresh = recheck_connection(caller.connection, now=now)
    if isinstance(fresh, Refusal):
        if fresh.problem is Problem.SWITCHED_OFF:
            raise SwitchedOff(fresh.sentence)
        if fresh.problem is Problem.SUSPENDED:
            raise Suspended(fresh.sentence)
        raise ConnectionEnded(fresh.sentence, reason=fresh.problem)
    present = replace(
        caller,
        connection=fresh,
        may_change=setting_on(fresh, "agents_may_change_data"),
        limits=limits_on(fresh, fresh.user),
    )
    _require_use(present, tool)
    if present.limits != caller.limits:
        raise RoleChanged


def _bug(name: str, error: Exception) -> ToolFailed:
    kind = type(error).__name__
    logger.error("Tool %s broke: %s", name, kind, exc_info=error)
    return ToolFailed(
        f"{name} broke. Its owner has been told.", code="broken", reason=kind
    )


@contextlib.contextmanager
def _site_defaults() -> Iterator[None]:
    """Speak the site's language and keep its time, whatever the agent's request says."""
    default = timezone.get_default_timezone()
    with translation.override(_site_language()), timezone.override(default):
        yield


def _site_language() -> str:
    """Return the default language as addresses spell it, by `LocaleMiddleware`'s rule.

    A site with `en-us` for default and only `en` in `LANGUAGES` has `/en/admin/`.
    """
    try:
        return translation.get_supported_language_variant(settings.LANGUAGE_CODE)
    except LookupError:
        return settings.LANGUAGE_CODE
