"""What the endpoint and the wire library's hooks know of the request being served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agent_connector.policy.caller import Caller

_ATTRIBUTE = "agent_connector_exchange"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its fate, filled in while it is served."""

    caller: Caller
    now: datetime
    attempted: bool = False
    """Whether a tool was called, so that the attempt is on record."""

    is_call: bool = False
    """Whether the message calls a tool, so that a refusal may say why."""

    failure: Exception | None = None
    """Why the call did not end in an answer, if it did not."""


def begin_exchange(request: HttpRequest, *, caller: Caller, now: datetime) -> Exchange:
    """Attach a fresh exchange to the request."""
    exchange = Exchange(caller=caller, now=now)
    setattr(request, _ATTRIBUTE, exchange)
    return exchange


def exchange_of(request: HttpRequest) -> Exchange:
    """Return the exchange that the endpoint began."""
    exchange: Exchange = getattr(request, _ATTRIBUTE)
    return exchange
