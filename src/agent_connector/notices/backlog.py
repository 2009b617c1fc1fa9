"""What was not mailed: for the Settings page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from agent_connector.models import Notice
from agent_connector.notices.spread import untold

LATE_AFTER = timedelta(minutes=15)
FAILED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Backlog:
    """All is well while neither is there."""

    failed: int
    """Notices that were given up lately."""

    late_since: datetime | None
    """Of the oldest one that still waits, if it should have been sent by now."""


def backlog_of_mail(*, now: datetime) -> Backlog:
    notices = Notice.objects.filter(state=Notice.State.WAITING)
    oldest = [
        notices.aggregate(at=Min("event__at"))["at"],
        untold(now=now).aggregate(at=Min("at"))["at"],
    ]
    late = [at for at in oldest if at is not None and at < now - LATE_AFTER]
    failed = Notice.objects.filter(
        state=Notice.State.FAILED, done_at__gt=now - FAILED_WITHIN
    )
    return Backlog(failed=failed.count(), late_since=min(late, default=None))
