"""Write the one record of an attempt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, router, transaction

from agent_connector.audit.record import record_call
from agent_connector.connections.suspend import count_refused_call
from agent_connector.models import ToolCall
from agent_connector.policy.caller import Caller
from agent_connector.tools.attempt import attempt_of
from agent_connector.tools.definition import ToolFailed

Record = Callable[..., None]


def recorder_of(caller: Caller, name: str, arguments: Any, *, now: datetime) -> Record:
    """Return what writes the one record of this attempt; the clock starts here.

    One that `counts` is another of the refusals in a row that suspend the connection:
    whoever refused says so (`ToolFailed.counts`). One that is done ends the row if it
    `ends_refusals` (`Tool.ends_refusals`).
    """
    started = time.monotonic()
    attempt = attempt_of(caller, name, arguments)

    def record(
        outcome: ToolCall.Outcome,
        reason: str = "",
        *,
        object_id: str = "",
        counts: bool = False,
        **more: Any,
    ) -> None:
        write = partial(
            record_call,
            caller,
            replace(attempt, object_id=attempt.object_id or object_id),
            outcome=outcome,
            now=now,
            duration=timedelta(seconds=time.monotonic() - started),
            reason=reason,
            **more,
        )
        _keep(
            write,
            after=partial(count_refused_call, caller, now=now) if counts else None,
        )

    return record


def _keep(write: Callable[..., Any], *, after: Callable[[], Any] | None) -> None:
    """Write the record, also of a call whose connection was deleted meanwhile."""
    using = router.db_for_write(ToolCall)
    try:
        with transaction.atomic(using=using):
            write()
            if after is not None:
                after()
    except IntegrityError:
        if transaction.get_connection(using).in_atomic_block:
            raise  # of a change, which must not outlive what allowed it
        write(outlived=True)


def reason_on_record(caller: Caller, failure: ToolFailed) -> str:
    """Return the reason; a message may say what the record is not to keep."""
    says_more = failure.reason == failure.message and not caller.stores_arguments
    return failure.code if says_more else failure.reason
