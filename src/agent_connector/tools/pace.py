"""Hold a connection to its number of calls in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_connector.policy.pace import note_limit, seconds_to_wait
from agent_connector.tools.definition import TooManyCalls

if TYPE_CHECKING:
    from datetime import datetime

    from agent_connector.policy.caller import Caller
    from agent_connector.tools.recording import Record


def require_pace(caller: Caller, record: Record, *, now: datetime) -> None:
    """Go on only if this call is not one too many.

    The first refusal of a minute is on record; the others cost no statement, and none
    counts towards a suspension: to call too fast is no attack.

    Raises:
        TooManyCalls: it is; says when to come back.
    """
    connection = caller.connection
    seconds = seconds_to_wait(connection, most=caller.most_calls, now=now)
    if not seconds:
        return
    failure = TooManyCalls(seconds=seconds)
    if note_limit(connection, now=now):
        record(failure.outcome, failure.reason, counts=failure.counts)
    raise failure
