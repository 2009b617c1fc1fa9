"""Make a tool of an ordinary function."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from agent_connector.policy.caller import Caller
from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import (
    Answer,
    Arguments,
    EncodedAnswer,
    Tool,
    ToolFailed,
    plain_text,
)
from agent_connector.tools.mistakes import Mistake
from agent_connector.tools.signature import read_signature

MAX_ANSWER_BYTES = 60_000
"""About 15,000 tokens: more would crowd out what the agent is working on."""

_NAME = re.compile(r"[a-z0-9_]{1,64}")
_PERMISSION = re.compile(r"[^.\s]+\.[^\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What its author says of a tool beside the signature; None: what `needs` implies.

    A tool that reads changes nothing and may be repeated. Of one that changes data the
    worst is assumed, as clients do.
    """

    needs: Scope
    permissions: tuple[str, ...] = ()
    title: str = ""
    destructive: bool | None = None
    idempotent: bool | None = None
    open_world: bool = False
    ends_refusals: bool = True


def tool_of(function: Callable[..., Any], declared: Declared) -> Tool:
    """Return the tool that calls `function`.

    Raises:
        Mistake: it cannot be a tool as it is written.
    """
    _require_name(function)
    _require_plain(function)
    _require_sense(declared)
    arguments, answer = read_signature(function)
    reads = declared.needs is Scope.READ
    destructive, idempotent = declared.destructive, declared.idempotent
    return Tool(
        name=function.__name__,
        title=declared.title or _title_of(function),
        description=_description_of(function),
        needs=declared.needs,
        input=arguments,
        output=answer,
        run=_run_of(function, answer),
        read_only=reads,
        destructive=not reads if destructive is None else destructive,
        idempotent=reads if idempotent is None else idempotent,
        open_world=declared.open_world,
        permissions=declared.permissions,
        ends_refusals=declared.ends_refusals,
    )


def _require_name(function: Callable[..., Any]) -> None:
    if not _NAME.fullmatch(function.__name__):
        raise Mistake(
            "its name is no name of a tool.",
            cure="Take up to 64 of the letters a to z, digits and underscores.",
        )


def _require_plain(function: Callable[..., Any]) -> None:
    if (
        inspect.iscoroutinefunction(function)
        or inspect.isasyncgenfunction(function)
        or inspect.isgeneratorfunction(function)
    ):
        raise Mistake(
            "it is asynchronous or a generator.",
            cure="Write it with a plain `def` that returns its answer.",
        )


def _require_sense(declared: Declared) -> None:
    if not isinstance(declared.needs, Scope):
        raise Mistake(
            f"it needs {declared.needs!r}, which is no scope.",
            cure="Write needs=Scope.READ, Scope.WRITE or Scope.DELETE.",
        )
    if declared.needs is Scope.READ and declared.destructive:
        raise Mistake(
            "it is destructive and needs no more than reading.",
            cure="Write needs=Scope.WRITE or Scope.DELETE.",
        )
    for permission in declared.permissions:
        if not _PERMISSION.fullmatch(permission):
            raise Mistake(
                f"its permission {permission!r} names no app.",
                cure='Write app and codename, as "library.change_book".',
            )


def _title_of(function: Callable[..., Any]) -> str:
    return function.__name__.replace("_", " ").strip().capitalize()


def _description_of(function: Callable[..., Any]) -> str:
    """Return the first paragraph of the docstring; the rest is for programmers."""
    first = (inspect.getdoc(function) or "").partition("\n\n")[0]
    if not first:
        raise Mistake(
            "it has no docstring.",
            cure="Say in its first paragraph what it does: agents choose by that.",
        )
    return " ".join(first.split())


def _run_of(
    function: Callable[..., Any], answer: Any
) -> Callable[[Caller, Arguments], Answer]:
    def run(caller: Caller, given: Arguments) -> Answer:
        arguments = {name: getattr(given, name) for name in given.__struct_fields__}
        returned = function(caller, **arguments)
        return _answer_with(returned, answer, most=caller.most_rows)

    return run


def _answer_with(returned: Any, answer: Any, *, most: int) -> EncodedAnswer:
    """Return what a function returned as an answer of its declared type.

    Raises:
        TypeError, ValidationError: it is not of that type, or JSON cannot say it. A
            client that was told the type would refuse it: a bug of the tool.
        ToolFailed: it is too long.
    """
    encoded = msgspec.json.encode(returned, enc_hook=plain_text)
    msgspec.json.decode(encoded, type=answer)
    encoded = _with_fewer_rows(encoded, most=most)
    if len(encoded) > MAX_ANSWER_BYTES:
        raise ToolFailed(
            f"The answer has {len(encoded):,} bytes; the most is {MAX_ANSWER_BYTES:,}.",
            following="Ask for less at a time.",
        )
    return EncodedAnswer(encoded=encoded)


def _with_fewer_rows(encoded: bytes, *, most: int) -> bytes:
    """Cut the lists of an answer at the caller's number of rows, and say so."""
    content: dict[str, Any] = msgspec.json.decode(encoded)
    long = {
        name: value
        for name, value in content.items()
        if isinstance(value, list) and len(value) > most
    }
    if not long:
        return encoded
    content.update({name: rows[:most] for name, rows in long.items()})
    cut = [f"`{name}` has {most} of {len(rows)}." for name, rows in long.items()]
    return msgspec.json.encode({**content, "truncated": " ".join(cut)})
