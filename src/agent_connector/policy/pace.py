"""How many calls a connection may make in a minute, counted on its own row.

The count is written with what a call writes anyway, so that it costs no statement more,
and read with the token. Calls that are under way at the same moment are not counted yet:
a burst passes the limit by as many calls as the site's workers serve at a time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, Value, When

from agent_connector.models import Connection
from agent_connector.policy.throttle import Limit

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = timedelta(minutes=1)


def least(*limits: int | None) -> int | None:
    """Return the strictest of the limits; None stands for no limit."""
    return min((one for one in limits if one is not None), default=None)


def seconds_to_wait(connection: Connection, *, most: int | None, now: datetime) -> int:
    """Return after how many seconds the connection may call again; 0: now."""
    if most is None:
        return 0
    minute = Limit(most=most, window=MINUTE)
    window = connection.window_at
    is_counted = window is not None and window >= minute.began(at=now)
    made = connection.calls_in_window if is_counted else 0
    if made < most:
        return 0
    return max(1, round((minute.ends(at=now) - now).total_seconds()))


def one_more(*, now: datetime) -> dict[str, Any]:
    """Return what to update of a connection to count a call that began at `now`."""
    return counted_from(minute_of(now))


def minute_of(now: datetime) -> datetime:
    """Return when the minute began in which a call at `now` counts."""
    return Limit(most=0, window=MINUTE).began(at=now)


def counted_from(began: Any) -> dict[str, Any]:
    """Return what to update of a connection to count a call of the minute `began`.

    One that began in a minute past counts for the present one: a slow call that is
    recorded late does not begin the count anew.
    """
    counted = When(window_at__gte=began, then=F("calls_in_window") + 1)
    later = When(window_at__gt=began, then=F("window_at"))
    return {
        "window_at": Case(later, default=began),
        "calls_in_window": Case(counted, default=Value(1)),
    }


def note_limit(connection: Connection, *, now: datetime) -> bool:
    """Note that a call was one too many; say whether it is the first of its minute."""
    began = minute_of(now)
    if connection.limited_at == began:
        return False
    unnoted = Q(limited_at=None) | ~Q(limited_at=began)
    return bool(
        Connection.objects.filter(unnoted, pk=connection.pk).update(limited_at=began)
    )
