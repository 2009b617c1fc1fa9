"""Put refused network addresses on record, so seldom that nobody can fill it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from agent_connector.audit.record import record_event
from agent_connector.models import Event, Throttle
from agent_connector.policy.address import sender_of
from agent_connector.policy.throttle import Bucket, Limit, is_full, take_turn

if TYPE_CHECKING:
    from datetime import datetime

OF_ONE_SENDER = Limit(most=1, window=timedelta(hours=1))
OF_ALL = Limit(most=100, window=timedelta(hours=1))
"""A sender may have any number of addresses; the record of an hour ends here."""

_ALL = Bucket(Throttle.Scope.ADDRESS_REFUSED, "")


def record_refused_address(address: str | None, *, path: str, now: datetime) -> None:
    """Record that clients may not come from there, once an hour for each sender.

    The others of that hour cost two statements that read, and none that writes.
    """
    sender = Bucket(
        Throttle.Scope.ADDRESS_REFUSED, f"from {sender_of(address) or 'nowhere'}"
    )
    turns = ((sender, OF_ONE_SENDER), (_ALL, OF_ALL))
    if any(is_full(bucket, limit=limit, now=now) for bucket, limit in turns):
        return
    if all(take_turn([bucket], limit=limit, now=now) for bucket, limit in turns):
        record_event(Event.Kind.ADDRESS_REFUSED, now=now, address=address, detail=path)
