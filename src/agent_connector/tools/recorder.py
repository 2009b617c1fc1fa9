"""Write the one record of an attempt to call a tool."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import router, transaction

from agent_connector.audit.record import Attempt, record_call
from agent_connector.connections.suspend import count_refused_call
from agent_connector.models import ToolCall
from agent_connector.policy.caller import Caller

Record = Callable[..., None]


def recorder_of(caller: Caller, name: str, arguments: Any, *, now: datetime) -> Record:
    """Return what writes the one record of this attempt; the clock starts here.

    A refusal also counts towards the end of the caller's patience with the connection,
    unless `counts` is False.
    """
    started = time.monotonic()
    attempt = _attempt_of(name, arguments)

    def record(
        outcome: ToolCall.Outcome,
        reason: str = "",
        *,
        object_id: str = "",
        counts: bool = True,
    ) -> None:
        with transaction.atomic(using=router.db_for_write(ToolCall)):
            record_call(
                caller,
                replace(attempt, object_id=attempt.object_id or object_id),
                outcome=outcome,
                now=now,
                duration=timedelta(seconds=time.monotonic() - started),
                reason=reason,
            )
            if counts and outcome == ToolCall.Outcome.REFUSED:
                count_refused_call(caller, now=now)

    return record


def _attempt_of(name: str, arguments: Any) -> Attempt:
    """Return what was tried, as far as it can be read from unjudged arguments."""
    if not isinstance(arguments, dict):
        return Attempt(tool=name)
    model, object_id = arguments.get("model", ""), arguments.get("id", "")
    match arguments.get("ids"):
        case [only]:
            object_id = only
    return Attempt(
        tool=name,
        arguments=arguments,
        model=model.lower() if isinstance(model, str) else "",
        object_id=str(object_id) if isinstance(object_id, (str, int)) else "",
    )
