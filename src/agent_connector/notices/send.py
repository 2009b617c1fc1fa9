"""Send the mail that is due: the one door for a command, a scheduler or a test."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from agent_connector.models import Mailbox, Notice
from agent_connector.notices.deliver import deliver
from agent_connector.notices.expiry import note_expiring
from agent_connector.notices.message import address_of, compose
from agent_connector.notices.spread import spread_events

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

QUIET = timedelta(minutes=10)
"""One person gets one mail within this time at the most; what comes meanwhile waits."""
LEASE = timedelta(minutes=10)
"""After this somebody else sends what a sender took and never reported."""
FIRST_RETRY = timedelta(minutes=1)
"""Doubled with each failure, up to `LONGEST_RETRY`."""
LONGEST_RETRY = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=90)
"""Longer than an event is news: so none is taken for an untold one again."""
RUN_SECONDS = 50
"""A run takes no further mail after this, so that one a minute is enough."""
MOST_FAILURES = 3
"""So many in one run: it is the server, and the next run tries again."""

State = Notice.State


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run did."""

    mails: int
    failures: int


def send_due_notices(*, now: datetime) -> Sent:
    """Send each person what waits for them, in one mail.

    Safe to run at any time, by any number of senders at once, and to be killed: a
    mail is marked as sent after the server took it, so in the worst case it comes
    twice.
    """
    note_expiring(now=now)
    spread_events(now=now)
    sent = _send_all(now=now)
    _give_up(now=now)
    Notice.objects.filter(done_at__lt=now - KEPT).delete()
    return sent


def _send_all(*, now: datetime) -> Sent:
    ends = time.monotonic() + RUN_SECONDS
    mails = failures = 0
    for mailbox in _due(now=now):
        if failures == MOST_FAILURES or time.monotonic() > ends:
            break
        if not _claim(mailbox, now=now):
            continue
        outcome = _mail(mailbox, now=now)
        mails += outcome is State.SENT
        failures += outcome is State.FAILED
    return Sent(mails=mails, failures=failures)


def _due(*, now: datetime) -> list[Mailbox]:
    """Return the mailboxes with something in them, the longest overdue first."""
    waiting = _waiting().filter(recipient=OuterRef("pk"))
    due = Mailbox.objects.filter(Exists(waiting), next_at__lte=now)
    return list(due.order_by("next_at", "pk"))


def _claim(mailbox: Mailbox, *, now: datetime) -> bool:
    """Take the mailbox for a while, unless another sender was faster."""
    mine = Mailbox.objects.filter(pk=mailbox.pk, next_at__lte=now)
    return bool(mine.update(next_at=now + LEASE))


def _mail(mailbox: Mailbox, *, now: datetime) -> Notice.State:
    """Send what waits in a claimed mailbox, and return what became of it."""
    notices = list(
        _waiting()
        .filter(recipient=mailbox.pk)
        .select_related(
            *("recipient", "event__user", "event__actor", "event__connection")
        )
        .order_by("event__at", "event")
    )
    if not notices:
        return State.WAITING
    recipient: Any = notices[0].recipient
    known = [notice for notice in notices if _may_know(recipient, notice)]
    if not known or not address_of(recipient):
        return _settle(mailbox, notices, State.UNADDRESSED, now=now)
    try:
        mail = compose(recipient, [notice.event for notice in known])
        deliver(mail)
    except Exception as error:  # noqa: BLE001  # whatever the project's backend raises
        # Only its type: what a server says may quote the mail.
        kind = type(error).__name__
        logger.warning("user %s could not be mailed: %s", mailbox.pk, kind)
        return _postpone(mailbox, now=now)
    withheld = [notice for notice in notices if notice not in known]
    _settle(mailbox, withheld, State.UNADDRESSED, now=now)
    return _settle(mailbox, known, State.SENT, now=now)


def _may_know(recipient: Any, notice: Notice) -> bool:
    """Say whether it is the recipient's own, or the recipient still an administrator."""
    return bool(notice.event.user_id == recipient.pk or recipient.is_superuser)


@transaction.atomic
def _settle(
    mailbox: Mailbox, notices: list[Notice], state: Notice.State, *, now: datetime
) -> Notice.State:
    pks = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=pks).update(state=state, done_at=now)
    Mailbox.objects.filter(pk=mailbox.pk).update(next_at=now + QUIET, attempts=0)
    return state


def _postpone(mailbox: Mailbox, *, now: datetime) -> Notice.State:
    wait = min(FIRST_RETRY * 2 ** min(mailbox.attempts, 16), LONGEST_RETRY)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        next_at=now + wait, attempts=min(mailbox.attempts + 1, 100)
    )
    return State.FAILED


def _give_up(*, now: datetime) -> None:
    """End what was tried for long enough; the Settings page tells of it."""
    tried = Mailbox.objects.filter(attempts__gt=0).values("pk")
    old = _waiting().filter(made_at__lte=now - GIVE_UP_AFTER, recipient__in=tried)
    count = old.update(state=State.FAILED, done_at=now)
    if count:
        logger.error("%s notices could not be mailed and are given up", count)


def _waiting() -> QuerySet[Notice, Any]:
    return Notice.objects.filter(state=State.WAITING)
