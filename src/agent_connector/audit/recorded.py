"""What the stored detail of an event says: for when its connection is gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agent_connector.models import Client, Connection, Event, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCTOR = "doctor"
"""The last word of the way that the doctor's own acts took."""

_REMOVED = _("Removed by the doctor")
_THE_DOCTOR = _("the doctor")

_WAY = r"(?:; (?P<via>.*))?\Z"
# A client may call itself anything: names are greedy, so that what is read of an event
# is the last of its kind, which is ours.
_SHAPES = {
    Event.Kind.CONNECTION_OPENED: re.compile(
        rf"(?P<name>.*) \((?P<level>{'|'.join(Level.values)})"
        rf"(?P<personal>, personal access token)?\){_WAY}",
        re.DOTALL,
    ),
    Event.Kind.CONNECTION_REVOKED: re.compile(
        rf"(?:(?P<name>.*): )?(?P<reason>{'|'.join(Connection.RevokedReason.values)})"
        rf"{_WAY}",
        re.DOTALL,
    ),
    Event.Kind.CLIENT_REGISTERED: re.compile(
        rf"(?P<name>.*) \((?P<client_id>[^()]*)\){_WAY}", re.DOTALL
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One detail, taken apart."""

    name: str
    why: str | Promise
    """The level that was allowed, or the reason of the end."""

    is_personal: bool
    via: str | Promise
    """Through what it came that came through no screen; "" if through one."""


def registration_detail(client: Client) -> str:
    """Return what is stored of a client that registered: `read_detail` reads it."""
    return f"{client.name} ({client.client_id})"


def read_detail(event: Event) -> Recorded | None:
    """Return what is said in it, or None: it is of another kind, or of another shape."""
    shape = _SHAPES.get(Event.Kind(event.kind))
    found = shape.match(event.detail) if shape else None
    if found is None:
        return None
    said = found.groupdict(default="")
    is_doctors = said["via"].split()[-1:] == [DOCTOR]
    return Recorded(
        name=said.get("name", ""),
        why=_why(said, is_doctors=is_doctors),
        is_personal=bool(said.get("personal")),
        via=_THE_DOCTOR if said["via"] == DOCTOR else said["via"],
    )


def _why(said: Mapping[str, str], *, is_doctors: bool) -> str | Promise:
    if level := said.get("level"):
        return Level(level).label
    if reason := said.get("reason"):
        return _REMOVED if is_doctors else Connection.RevokedReason(reason).label
    return ""
