"""What a call tried, as far as it can be read from arguments that nobody judged yet."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from agent_connector.audit.record import Attempt
from agent_connector.tools.modeladmin.masked import masked_in_call
from agent_connector.tools.modeladmin.withheld_names import withheld_in

if TYPE_CHECKING:
    from collections.abc import Callable

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
    label = model.lower() if isinstance(model, str) else ""
    return Attempt(
        tool=name,
        arguments=arguments,
        model=label,
        object_id=str(object_id) if isinstance(object_id, (str, int)) else "",
        hides=_hidden_names(caller, label, arguments),
    )


def _hidden_names(
    caller: Caller, label: str, arguments: dict[str, Any]
) -> Callable[[str], bool]:
    """Return what says of a name whether the record must not hold its value.

    That is what the site hides from agents, and what its forms mask. Where the site's
    own code cannot say which those are, the value is not kept.
    """
    holds_values = any(isinstance(value, dict) for value in arguments.values())

    @cache
    def masked() -> frozenset[str]:
        return masked_in_call(caller, label) if holds_values else frozenset()

    withheld = withheld_in(caller, label)

    def hides(name: str) -> bool:
        try:
            # A name may be a lookup on one: `pin__startswith`.
            return not masked().isdisjoint(name.split("__")) or withheld(name)
        except Exception:
            logger.exception("Nobody can tell what the pages of %r mask", label[:200])
            return True

    return hides
