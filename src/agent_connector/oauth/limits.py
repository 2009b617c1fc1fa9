"""How often one sender may fail, or register, before it has to wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from agent_connector.models import Throttle
from agent_connector.oauth.errors import TooManyRequests
from agent_connector.policy.address import sender_of
from agent_connector.policy.throttle import Bucket, Limit, take_turn

if TYPE_CHECKING:
    from datetime import datetime

FAILURES = Limit(most=20, window=timedelta(minutes=1))
"""Refused credentials that one client may send from one address."""
REGISTRATIONS = Limit(most=60, window=timedelta(minutes=1))
"""New clients from one address; hosted clients share theirs, so it is not small."""


def failures_of(client_id: str, *, address: str | None) -> Bucket:
    """Return what counts the failures of this client from this address.

    Client ids that nobody knows are all the same one, "": whoever makes them up has
    one count, and one row, and known clients of that address are not affected.
    """
    return Bucket(Throttle.Scope.TOKEN_ENDPOINT, f"{sender_of(address)} {client_id}")


def count_failure(bucket: Bucket, *, now: datetime) -> None:
    """Count what was refused; nothing is written for what succeeds.

    Raises:
        TooManyRequests: it is one too many.
    """
    if not take_turn([bucket], limit=FAILURES, now=now):
        raise too_many(FAILURES, now=now)


def count_registration(address: str | None, *, now: datetime) -> None:
    """Take one place of those that this address has.

    Raises:
        TooManyRequests: there is none left.
    """
    bucket = Bucket(Throttle.Scope.REGISTRATION, sender_of(address))
    if not take_turn([bucket], limit=REGISTRATIONS, now=now):
        raise too_many(REGISTRATIONS, now=now)


def too_many(limit: Limit, *, now: datetime) -> TooManyRequests:
    left = limit.ends(at=now) - now
    return TooManyRequests(seconds=max(1, int(left.total_seconds())))
