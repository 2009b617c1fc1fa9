"""The tool `get_history`: who changed what, as the admin's History pages say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Answer, Arguments, Tool, ToolFailed
from agent_connector.tools.modeladmin.cursor import (
    MAX_CURSOR_CHARACTERS,
    make_cursor,
    read_cursor,
)
from agent_connector.tools.modeladmin.find import find_admin, find_record, viewable
from agent_connector.tools.modeladmin.links import index_path, record_path
from agent_connector.tools.modeladmin.log_entries import History, HistoryEntry
from agent_connector.tools.modeladmin.request import AdminRequest

if TYPE_CHECKING:
    from agent_connector.policy.caller import Caller

MAX_ENTRIES = 20


class GetHistoryArguments(Arguments, frozen=True, kw_only=True):
    model: Annotated[
        str,
        msgspec.Meta(max_length=200),
    ] = ""
    id: (
        Annotated[
            str,
            msgspec.Meta(max_length=255, description="One record; empty: all of them."),
        ]
        | int
    ) = ""
    mine: Annotated[
        bool, msgspec.Meta(description="Only what this user did, in any model.")
    ] = False
    cursor: Annotated[str, msgspec.Meta(max_length=MAX_CURSOR_CHARACTERS)] = ""


class GetHistoryAnswer(Answer, frozen=True, kw_only=True):
    entries: Annotated[
        list[HistoryEntry],
        msgspec.Meta(description="Newest first; `via`: the client of an agent."),
    ]
    next_cursor: str = ""


def get_history(caller: Caller, arguments: GetHistoryArguments) -> GetHistoryAnswer:
    """Return entries about records that this user may see now."""
    after = read_cursor(caller, arguments)
    limit = min(MAX_ENTRIES, caller.most_rows)
    part = _history_of(caller, arguments).read(limit=limit, after=after)
    cursor = make_cursor(caller, arguments, part.following) if part.following else ""
    return GetHistoryAnswer(entries=part.entries, next_cursor=cursor)


def _history_of(caller: Caller, arguments: GetHistoryArguments) -> History:
    if not arguments.model:
        return _mine(caller, arguments)
    model_admin, pk = find_admin(caller, arguments.model), str(arguments.id)
    request = AdminRequest(
        caller, path=record_path(model_admin, pk) if pk else index_path()
    )
    return History(
        request=request,
        admins=[model_admin],
        record=find_record(model_admin, request, pk) if pk else None,
        only_mine=arguments.mine,
    )


def _mine(caller: Caller, arguments: GetHistoryArguments) -> History:
    if not arguments.mine or arguments.id != "":
        raise ToolFailed(
            "Give `model`, with `id` for one record, or `mine`.",
            code="invalid_arguments",
            allowed=arguments.__struct_fields__,
        )
    request = AdminRequest(caller, path=index_path())
    return History(request=request, admins=viewable(request), only_mine=True)


GET_HISTORY = Tool(
    name="get_history",
    title="Get the history",
    description=(
        "Says who changed what and when: of one record, of all visible records of a"
        " model, or what this user did."
    ),
    needs=Scope.READ,
    input=GetHistoryArguments,
    output=GetHistoryAnswer,
    run=get_history,
    read_only=True,
    destructive=False,
    idempotent=True,
)
