"""Say in a person's words why the server does not accept the token any more."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

_PARAMETER = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
_REVOKED = re.compile(
    r"Revoked(?: by (?P<by>.+?))? at (?P<at>\d{4}-\d\d-\d\d \d\d:\d\d) UTC"
    r"(?:: (?P<because>.+?))?\.?"
)


def challenge_of(header: str) -> dict[str, str]:
    """Return the parameters of a `WWW-Authenticate: Bearer …` header (RFC 6750)."""
    return {
        name: re.sub(r"\\(.)", r"\1", value)
        for name, value in _PARAMETER.findall(header)
    }


def cut_sentence(description: str, *, now: datetime, zone: tzinfo | None) -> str:
    """Return `revoked by admin at 14:03`, in the clock of whoever reads it.

    `description` is the server's `error_description`; what has another form is handed
    on as it is. `zone` None means this computer's.
    """
    found = _REVOKED.fullmatch(description.strip())
    if found is None:
        return description.strip() or "the server does not accept the token any more"
    at = datetime.strptime(found["at"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    by = f" by {found['by']}" if found["by"] else ""
    because = f" ({found['because']})" if found["because"] else ""
    return (
        f"revoked{by} at {_clock(at.astimezone(zone), now.astimezone(zone))}{because}"
    )


def _clock(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
