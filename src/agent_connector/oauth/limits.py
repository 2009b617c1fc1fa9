"""How often one sender may fail, register or make us fetch before it has to wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from agent_connector.models import Throttle
from agent_connector.oauth.errors import TooManyRequests
from agent_connector.policy.address import sender_of
from agent_connector.policy.throttle import Bucket, Limit, take_turn

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

FAILURES = Limit(most=20, window=timedelta(minutes=1))
"""Refused credentials that one client may send from one address."""
REGISTRATIONS = Limit(most=60, window=timedelta(minutes=1))
"""New clients from one address; hosted clients share theirs, so it is not small."""
DOCUMENTS = Limit(most=20, window=timedelta(hours=1))
"""Client documents that one person may make us fetch, whatever comes of it."""
REFUSALS = Limit(most=5, window=timedelta(hours=1))
"""Refused sign-ins of one person that go on record: each load of the page is one."""


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
    _count(bucket, limit=FAILURES, now=now)


def count_registration(address: str | None, *, now: datetime) -> None:
    """Take one place of those that this address has.

    Raises:
        TooManyRequests: there is none left.
    """
    bucket = Bucket(Throttle.Scope.REGISTRATION, sender_of(address))
    _count(bucket, limit=REGISTRATIONS, now=now)


def count_document(user: User, *, now: datetime) -> None:
    """Take one place of those that this person has.

    Raises:
        TooManyRequests: there is none left.
    """
    bucket = Bucket(Throttle.Scope.DOCUMENT_USER, str(user.pk))
    _count(bucket, limit=DOCUMENTS, now=now)


def is_for_the_record(user: User, *, now: datetime) -> bool:
    """Say whether one more refused sign-in of this person is put on record."""
    bucket = Bucket(Throttle.Scope.CONSENT_REFUSED, str(user.pk))
    return take_turn([bucket], limit=REFUSALS, now=now)


def _count(bucket: Bucket, *, limit: Limit, now: datetime) -> None:
    if not take_turn([bucket], limit=limit, now=now):
        left = limit.ends(at=now) - now
        raise TooManyRequests(seconds=max(1, int(left.total_seconds())))
