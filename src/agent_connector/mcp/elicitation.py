"""Put a tool's question to the person, where the client can: a yes or a no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django_mcpz.elicitation import InputRequired
from django_mcpz.server import (
    ElicitationDeclinedError,
    ElicitationUnavailableError,
    elicit,
)

from agent_connector.tools.definition import Ask, Asked, Declined

if TYPE_CHECKING:
    from django.http import HttpRequest

_YES_OR_NO: dict[str, Any] = {"type": "object", "properties": {}}
"""Nothing to fill in: to accept is the answer."""


def asker_for(request: HttpRequest, elicitation: Any) -> Ask:
    """Return what asks the person behind this request.

    A client that cannot ask lets the call go on: the question comes on top of a
    confirmation, never in its place, since a client may answer it by itself.
    """
    request.mcp_elicitation = elicitation  # type: ignore[attr-defined]  # read by elicit

    def ask(question: str) -> None:
        try:
            elicit(request, question, _YES_OR_NO)
        except InputRequired as required:
            raise Asked(question) from required
        except ElicitationUnavailableError:
            return
        except ElicitationDeclinedError as declined:
            raise Declined from declined

    return ask


def required_of(asked: Asked) -> InputRequired:
    """Return the library's own form of the question that was asked."""
    return cast("InputRequired", asked.__cause__)
