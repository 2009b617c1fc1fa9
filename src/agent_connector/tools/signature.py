"""Read the signature of an ordinary function as the arguments and answer of a tool."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from inspect import Parameter
from typing import Any

import msgspec

from agent_connector.policy.caller import Caller
from agent_connector.tools.definition import Arguments
from agent_connector.tools.mistakes import Mistake

_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def read_signature(function: Callable[..., Any]) -> tuple[type[Arguments], Any]:
    """Return the type of the arguments and the type of the answer.

    The first parameter takes the caller; each keyword parameter is an argument.

    Raises:
        Mistake: agents could not call a function of this signature.
    """
    parameters = list(inspect.signature(function).parameters.values())
    types = _types_of(function)
    _require_caller(parameters, types)
    _require_keywords(parameters[1:])
    fields = [_field(parameter, types) for parameter in parameters[1:]]
    return _arguments_with(fields, name=function.__name__), _answer_type(types)


def _arguments_with(fields: list[tuple[Any, ...]], *, name: str) -> type[Arguments]:
    try:
        arguments: Any = msgspec.defstruct(
            f"{name}_arguments",
            fields,
            bases=(Arguments,),
            frozen=True,
            kw_only=True,
            forbid_unknown_fields=True,
        )
        msgspec.json.schema(arguments)
    except TypeError as error:
        raise Mistake(
            f"it has a default that cannot be used: {error}",
            cure="Take None, an empty list or dict, a text, a number or a date.",
        ) from error
    return arguments  # type: ignore[no-any-return]  # defstruct says just Struct


def _types_of(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError, SyntaxError) as error:
        raise Mistake(
            f"its annotations cannot be read: {error}",
            cure="Import what they name when the module runs, not under TYPE_CHECKING.",
        ) from error


def _require_caller(parameters: list[Parameter], types: dict[str, Any]) -> None:
    first = parameters[0] if parameters else None
    if (
        first is None
        or first.kind not in _POSITIONAL
        or types.get(first.name, Caller) is not Caller
    ):
        raise Mistake(
            "it does not take the caller.",
            cure="Begin the parameters with `caller: Caller`.",
        )


def _require_keywords(parameters: list[Parameter]) -> None:
    for parameter in parameters:
        if parameter.kind is not Parameter.KEYWORD_ONLY:
            raise Mistake(
                f"`{parameter}` is not a keyword parameter.",
                cure="Name each argument after the caller behind a star:"
                " def lend_book(caller: Caller, *, title: str).",
            )


def _field(parameter: Parameter, types: dict[str, Any]) -> tuple[Any, ...]:
    """Return name, type and, if there is one, the default of an argument."""
    if parameter.name not in types:
        raise Mistake(
            f"`{parameter.name}` has no type.",
            cure=f"Annotate it, as {parameter.name}: str.",
        )
    kind = types[parameter.name]
    _schema_of(kind, place=f"`{parameter.name}`")
    if parameter.default is Parameter.empty:
        return parameter.name, kind
    return parameter.name, kind, parameter.default


def _answer_type(types: dict[str, Any]) -> Any:
    """Return the return type, whose JSON has to be an object, as MCP wants it."""
    answer = types.get("return")
    schema = {} if answer is None else _schema_of(answer, place="its answer")
    name = schema.get("$ref", "").rpartition("/")[2]
    root = schema["$defs"][name] if name else schema
    if root.get("type") != "object":
        raise Mistake(
            "it does not say that it returns an object.",
            cure="Annotate the return type: a dict with text keys, a TypedDict, a"
            " dataclass or a msgspec.Struct.",
        )
    return answer


def _schema_of(kind: Any, *, place: str) -> dict[str, Any]:
    try:
        return msgspec.json.schema(kind)
    except (TypeError, ValueError) as error:
        raise Mistake(
            f"{place} has a type that JSON cannot say: {error}",
            cure="Take texts, numbers, dates, lists, dicts, enums, TypedDicts,"
            " dataclasses or Structs; of a record its id.",
        ) from error
