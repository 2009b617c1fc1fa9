"""An app whose tools agents may call."""

from __future__ import annotations

from agent_connector.tools import Caller, Scope, tool


@tool(needs=Scope.READ)
def count_books(caller: Caller) -> dict[str, int]:
    """Counts the books."""
    del caller
    return {"books": 3}


@tool(needs=Scope.READ, permission="library.count_chair")
def count_chairs(caller: Caller) -> dict[str, int]:
    """Counts the chairs."""
    del caller
    return {"chairs": 4}
