"""Read what an attempt is about, and write the one record of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import router, transaction

from agent_connector.audit.changes import RecordChange
from agent_connector.audit.record import Attempt, record_call
from agent_connector.models import ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.withheld_names import withheld_in

Record = Callable[..., None]


def recorder_of(caller: Caller, name: str, arguments: Any, *, now: datetime) -> Record:
    """Return what writes the one record of this attempt; the clock starts here."""
    started = time.monotonic()
    attempt = _attempt_of(caller, name, arguments)

    def record(
        outcome: ToolCall.Outcome,
        reason: str = "",
        *,
        object_id: str = "",
        changes: Sequence[RecordChange] = (),
    ) -> None:
        with transaction.atomic(using=router.db_for_write(ToolCall)):
            record_call(
                caller,
                replace(attempt, object_id=attempt.object_id or object_id),
                outcome=outcome,
                now=now,
                duration=timedelta(seconds=time.monotonic() - started),
                reason=reason,
                changes=changes,
            )

    return record


def reason_on_record(caller: Caller, failure: ToolFailed) -> str:
    """Return the reason; a message may say what the record is not to keep."""
    says_more = failure.reason == failure.message and not caller.stores_arguments
    return failure.code if says_more else failure.reason


def _attempt_of(caller: Caller, name: str, arguments: Any) -> Attempt:
    """Return what was tried, as far as it can be read from unjudged arguments."""
    if not isinstance(arguments, dict):
        return Attempt(tool=name)
    model, object_id = arguments.get("model", ""), arguments.get("id", "")
    label = model.lower() if isinstance(model, str) else ""
    match arguments.get("ids"):
        case [only]:
            object_id = only
    return Attempt(
        tool=name,
        arguments=arguments,
        model=label,
        object_id=str(object_id) if isinstance(object_id, (str, int)) else "",
        hides=withheld_in(caller, label),
    )
