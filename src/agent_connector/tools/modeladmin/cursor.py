"""Cursors: where an answer stopped, good for the same question of the same user only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.utils.crypto import constant_time_compare, salted_hmac

from agent_connector.tools.definition import Arguments, ToolFailed

if TYPE_CHECKING:
    from agent_connector.policy.caller import Caller

MAX_CURSOR_CHARACTERS = 120
_SALT = "agent_connector.tools.modeladmin.cursor"
_STAMP_CHARACTERS = 16


def make_cursor(caller: Caller, arguments: Arguments, position: str) -> str:
    """Return a cursor that leads to `position` of what `arguments` ask for."""
    return f"{position}-{_stamp(caller, arguments, position)}"


def read_cursor(caller: Caller, arguments: Arguments) -> str:
    """Return the position that `arguments.cursor` leads to, "" without one.

    Raises:
        ToolFailed: it is no cursor of ours, or one of another question.
    """
    cursor: str = getattr(arguments, "cursor", "")
    if not cursor:
        return ""
    position, _dash, stamp = cursor.rpartition("-")
    if constant_time_compare(stamp, _stamp(caller, arguments, position)):
        return position
    raise ToolFailed(
        "The cursor belongs to another question.",
        code="invalid_arguments",
        following="Repeat the call that gave it unchanged but for `cursor`,"
        " or leave `cursor` out to begin again.",
    )


def _stamp(caller: Caller, arguments: Arguments, position: str) -> str:
    question = msgspec.structs.replace(arguments, cursor="")
    told = msgspec.json.encode(
        (type(arguments).__name__, str(caller.user.pk), position, question)
    )
    stamp = salted_hmac(_SALT, told, algorithm="sha256").hexdigest()
    return stamp[:_STAMP_CHARACTERS]
