"""Who is mailed about an event: what the settings say at the moment it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agent_connector.models import Connection, Event
from agent_connector.policy.settings import SiteSettings

ADMINISTRATORS_TOO = "notify_administrators"
SETTINGS = {
    Event.Kind.CONNECTION_OPENED: "notify_new_connection",
    Event.Kind.REFRESH_REUSED: "notify_reuse_alarm",
    Event.Kind.CODE_REPLAYED: "notify_reuse_alarm",
    Event.Kind.CONNECTION_SUSPENDED: "notify_reuse_alarm",
    Event.Kind.CONNECTION_REVOKED: "notify_revoked_by_others",
    Event.Kind.TOKEN_EXPIRING: "notify_expiring_token",
}
"""The kinds that somebody may be told of, and the setting that decides."""

_Reason = Connection.RevokedReason
BY_OTHERS = frozenset(
    {
        *(_Reason.ADMIN, _Reason.DISABLED, _Reason.BLOCKED),
        *(_Reason.LEAK, _Reason.RESTORED),
    }
)
"""Reasons to revoke that are somebody else's, unless it was the user who did it."""


def audience_in(site: SiteSettings, kind: Event.Kind) -> Event.Audience:
    """Return who is to be told while these settings are in force."""
    return audience_of(kind, partial(getattr, site))


def audience_of(kind: Event.Kind, setting: Callable[[str], bool]) -> Event.Audience:
    """Return who is to be told, by the settings in force, which `setting` looks up."""
    if not setting(SETTINGS[kind]):
        return Event.Audience.NOBODY
    if setting(ADMINISTRATORS_TOO):
        return Event.Audience.ADMINISTRATORS
    return Event.Audience.USER
