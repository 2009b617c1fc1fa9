"""What a call tried, as far as it can be read from arguments that nobody judged yet."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from agent_connector.audit.record import Attempt
from agent_connector.tools.modeladmin.masked import masked_in_call

if TYPE_CHECKING:
    from agent_connector.policy.caller import Caller

logger = logging.getLogger(__name__)


def attempt_of(caller: Caller, name: str, arguments: Any) -> Attempt:
    """Return what the record says of a call of the tool `name`."""
    if not isinstance(arguments, dict):
        return Attempt(tool=name)
    model, object_id = arguments.get("model", ""), arguments.get("id", "")
    match arguments.get("ids"):
        case [only]:
            object_id = only
    named = model if isinstance(model, str) else ""
    return Attempt(
        tool=name,
        arguments=arguments,
        model=named.lower(),
        object_id=str(object_id) if isinstance(object_id, (str, int)) else "",
        secret_names=_secret_names_in(caller, named, arguments),
    )


def _secret_names_in(
    caller: Caller, model: str, arguments: dict[str, Any]
) -> frozenset[str]:
    """Return the names whose values the record must not hold: what forms mask.

    Where the site's own code cannot say which those are, none of the values is kept.
    """
    holding = frozenset(
        name for name, value in arguments.items() if isinstance(value, dict)
    )
    if not holding:
        return holding
    try:
        return masked_in_call(caller, model)
    except Exception:
        logger.exception("Nobody can tell what the pages of %r mask", model[:200])
        return holding
