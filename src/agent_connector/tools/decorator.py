"""`@tool`: let agents call a function of the project."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from agent_connector.policy.scopes import Scope
from agent_connector.tools.mistakes import Mistake, note_mistake
from agent_connector.tools.registry import add_tool, is_taken
from agent_connector.tools.written import Declared, tool_of

Function = TypeVar("Function", bound=Callable[..., Any])

logger = logging.getLogger(__name__)


def tool(
    *,
    needs: Scope,
    permission: str | Iterable[str] = (),
    title: str = "",
    destructive: bool | None = None,
    idempotent: bool | None = None,
    open_world: bool = False,
) -> Callable[[Function], Function]:
    """Let agents call the decorated function; it stays an ordinary one for you.

    Its first parameter takes the `Caller`, its keyword parameters are the arguments,
    its return type is the answer, the first paragraph of its docstring the description.

    Args:
        needs: what the user must have allowed the client. With `Scope.READ` it runs
            outside a transaction and is announced as changing nothing.
        permission: one or more Django permissions, as "library.change_book", all of
            which the user needs; without them the tool is unknown to the agent.
        title: its name for people; without one, the function's.
        destructive: whether it changes or removes what was there. Assumed of all that
            do not only read.
        idempotent: whether a second call with the same arguments changes nothing more.
            Assumed only of those that read.
        open_world: whether it reaches systems outside this site.

    A function that cannot be a tool is left out; `manage.py check` says why.
    """
    permissions = (permission,) if isinstance(permission, str) else tuple(permission)
    declared = Declared(
        needs=needs,
        permissions=permissions,
        title=title,
        destructive=destructive,
        idempotent=idempotent,
        open_world=open_world,
    )

    def decorate(function: Function) -> Function:
        _offer(function, declared)
        return function

    return decorate


def _offer(function: Callable[..., Any], declared: Declared) -> None:
    try:
        made = tool_of(function, declared)
        _require_free(made.name)
    except Mistake as mistake:
        place = f"{function.__module__}.{function.__qualname__}"
        note_mistake(place, message=mistake.message, cure=mistake.cure)
        logger.error("%s is no tool: %s", place, mistake.message)  # noqa: TRY400  # the check tells the rest
    else:
        add_tool(made)


def _require_free(name: str) -> None:
    if is_taken(name):
        raise Mistake(
            "there is a tool of this name already.", cure="Call it otherwise."
        )
