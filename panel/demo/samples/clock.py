"""Moments of office life, counted back from now."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

SATURDAY = 5


def office_time(*, days_ago: int, dice: random.Random, now: datetime) -> datetime:
    """Return a moment in office hours about `days_ago` days before `now`, not after it."""
    day = now - timedelta(days=days_ago)
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    hour = dice.choice([8, 9, 9, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17])
    moment = day.replace(
        hour=hour,
        minute=dice.randint(0, 59),
        second=dice.randint(0, 59),
        microsecond=0,
    )
    if moment < now:
        return moment
    # Today before the office opens: something happened a little while ago.
    return now - timedelta(minutes=dice.randint(4, 50))
