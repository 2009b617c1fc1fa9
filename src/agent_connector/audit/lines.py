"""Events as people read them: on the timeline of a user, and in mails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.audit.recorded import Recorded, read_detail
from agent_connector.models import Event
from agent_connector.policy.rules import Denial
from agent_connector.policy.staff import name_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

Text = str | Promise
Kind = Event.Kind

ALARMS = frozenset({Kind.REFRESH_REUSED, Kind.CODE_REPLAYED})
"""A secret that two people seem to have."""
FAILURES = frozenset({Kind.PASSWORD_REFUSED, Kind.CONSENT_REFUSED})
_TONES = {
    Kind.ACCESS_ENABLED: "green",
    Kind.CONNECTION_OPENED: "green",
    Kind.TOKEN_EXPIRING: "amber",
    Kind.CONNECTION_SUSPENDED: "amber",
    **dict.fromkeys(FAILURES, "amber"),
    **dict.fromkeys(ALARMS, "red"),
}
_MARKS: dict[Event.Kind, Text] = {
    Kind.CONSENT_REFUSED: gettext_lazy("Failed"),
    **dict.fromkeys(ALARMS, gettext_lazy("Alarm")),
}
_DENIALS: dict[str, Text] = {
    Denial.DISABLED: gettext_lazy("MCP access is disabled"),
    Denial.INACTIVE: gettext_lazy("The user is inactive"),
    Denial.NOT_STAFF: gettext_lazy("The user may not sign in to the admin"),
}
_PERSONAL = gettext_lazy("Personal access token made")
NAMELESS = gettext_lazy("Unnamed client")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event: what, which client, by whom, when, from where."""

    at: datetime
    what: Text
    tone: str
    """`green`, `amber`, `red` or `grey`; `mark` says the same in a word."""

    mark: Text
    client: Text
    host: str
    """The verified host of the client."""

    by: str
    """Empty where no person did it."""

    address: str
    via: Text
    """Through what it came that came through no screen."""

    why: Text
    """The reason, or what was allowed."""

    expires_at: datetime | None
    """Of a personal access token that is about to."""


def timeline_of(user_pk: Any) -> QuerySet[Event, Any]:
    """Return the events that concern a user, the newest first.

    Somebody who tries passwords as this user concerns them, whatever it was about.
    """
    guesses = Q(actor=user_pk, kind=Kind.PASSWORD_REFUSED)
    return with_people(Event.objects.filter(Q(user=user_pk) | guesses)).order_by(
        "-at", "-pk"
    )


def with_people(events: QuerySet[Event, Any]) -> QuerySet[Event, Any]:
    """Read what `line_of` needs in the same statement."""
    return events.select_related("actor", "connection")


def line_of(event: Event) -> EventLine:
    kind, connection = Event.Kind(event.kind), event.connection
    recorded = read_detail(event)
    known = connection or recorded
    is_personal = (
        kind == Kind.CONNECTION_OPENED and known is not None and known.is_personal
    )
    named, why = _client_and_reason(event, recorded)
    return EventLine(
        at=event.at,
        what=_PERSONAL if is_personal else kind.label,
        tone=_TONES.get(kind, "grey"),
        mark=_MARKS.get(kind, ""),
        client=named,
        host=connection.client_host if connection else "",
        by=_actor_of(event),
        address=event.address or "",
        via=recorded.via if recorded else "",
        why=why,
        expires_at=(
            connection.expires_at
            if connection and kind == Kind.TOKEN_EXPIRING
            else None
        ),
    )


def _actor_of(event: Event) -> str:
    """Return who did it, also of somebody whom nobody knows any more."""
    if event.actor is not None:
        return name_of(event.actor)
    if event.actor_name:
        return _("%(name)s (deleted since)") % {"name": event.actor_name}
    return ""


def _client_and_reason(event: Event, recorded: Recorded | None) -> tuple[Text, Text]:
    """Return the client's name and the reason: of the connection, else as recorded."""
    connection = event.connection
    if connection is None:
        if recorded is not None:
            return recorded.name, recorded.why
        if event.kind == Kind.CONSENT_REFUSED:
            asked, _colon, denial = event.detail.rpartition(": ")
            return asked, _DENIALS.get(denial, denial)
        is_name = event.kind == Kind.CONSENT_DENIED
        return (event.detail, "") if is_name else ("", event.detail)
    name: Text = connection.name or NAMELESS
    match event.kind:
        case Kind.CONNECTION_OPENED:
            return name, connection.get_level_display()
        case Kind.CONNECTION_REVOKED:
            return name, connection.get_revoked_reason_display()
        case _:
            return name, ""
