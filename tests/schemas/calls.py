"""Calls that a client may make of a tool, and calls that no client may."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from agent_connector.mcp.schemas import input_schema
from agent_connector.policy.caller import Caller
from agent_connector.tools.call import call_tool
from agent_connector.tools.definition import Tool, ToolFailed, encode_answer
from tests.schemas.generate import HUGE, TEXT, Schema, mostly, nested, values_of
from tests.schemas.shop import FRESH, STALE, World

USUAL = {
    "describe_model": (
        "model",
        "model purpose=add",
        "model purpose=change id",
        "model purpose=action action",
    ),
    "search_records": (
        "model query limit",
        "model filters ordering columns",
        "model facets limit cursor",
    ),
    "lookup_choices": (
        "model field",
        "model field query",
        "model field id cursor",
        "model field inline",
    ),
    "get_history": ("mine", "model", "model id", "model cursor"),
    "preview_change": (
        "kind=delete model ids",
        "kind=action model action ids",
        "kind=action model action all_matching",
        "kind=update model ids values",
    ),
    "create_record": ("model values", "model values inlines"),
    "update_record": (
        "model id values",
        "model id values expected_version",
        "model id values inlines expected_version",
    ),
    "run_action": (
        "model action ids confirm",
        "model action all_matching confirm",
        "model action ids form confirm",
    ),
}
"""Arguments that go together; others may fit the schema as well and mean nothing."""
_PREVIEWED = ("model", "ids", "all_matching", "action")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who calls, and with what."""

    who: str
    arguments: Any


@st.composite
def allowed_calls(draw: st.DrawFn, world: World, tool: Tool) -> Call:
    """Return a call that fits the schema, most often about something that exists."""
    # These two have actions.
    labels = ("shop.order", "shop.product", *world.models)
    likely = world.models[draw(st.sampled_from(labels))]
    schema = input_schema(tool.input)
    usual = st.sampled_from(USUAL.get(tool.name, ("",))).map(
        lambda names: _narrowed(schema, names)
    )
    chosen = draw(mostly(usual, st.just(schema)))
    arguments = draw(values_of(chosen, likely=likely))
    return Call(
        who=draw(st.sampled_from(("admin", *world.callers))), arguments=arguments
    )


def _narrowed(schema: Schema, names: str) -> Schema:
    """Return the schema with just these arguments, some with a certain value."""
    if not names:
        return schema
    properties = {}
    for one in names.split():
        name, given, value = one.partition("=")
        properties[name] = {"enum": [value]} if given else schema["properties"][name]
    return {**schema, "properties": properties, "required": list(properties)}


def filled_in(caller: Caller, tool: Tool, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with what the client has from earlier answers."""
    filled = dict(arguments)
    if filled.get("cursor") == FRESH:
        rest = {name: filled[name] for name in filled if name != "cursor"}
        filled["cursor"] = _answered(caller, tool.name, rest, "next_cursor")
    if filled.get("expected_version") in {FRESH, STALE}:
        named = {name: filled[name] for name in ("model", "id")}
        version = _answered(caller, "get_record", named, "version")
        filled["expected_version"] = _aged(version, filled["expected_version"])
    if filled.get("confirm") in {FRESH, STALE}:
        filled["confirm"] = _aged(_confirm(caller, tool, filled), filled["confirm"])
    return filled


def _confirm(caller: Caller, tool: Tool, filled: dict[str, Any]) -> str:
    kind = "delete" if tool.name == "delete_records" else "action"
    named = {name: filled[name] for name in _PREVIEWED if name in filled}
    confirm = _answered(caller, "preview_change", named | {"kind": kind}, "confirm")
    if "form" not in filled:
        return confirm
    return _answered(caller, "run_action", named | {"confirm": confirm}, "confirm")


def _answered(caller: Caller, tool: str, arguments: Any, field: str) -> str:
    """Return one text of an answer, or nothing where there is none."""
    try:
        answer = call_tool(caller, tool, arguments, now=timezone.now())
    except ToolFailed as failure:
        if failure.code == "broken":
            raise
        return ""
    return str(json.loads(encode_answer(answer)).get(field, ""))


def _aged(text: str, wanted: str) -> str:
    return text if wanted == FRESH else text[::-1]


@st.composite
def spoiled_calls(draw: st.DrawFn, world: World, tool: Tool) -> Call:
    """Return a call that fits the schema but for one thing."""
    call = draw(allowed_calls(world, tool))
    schema = input_schema(tool.input)
    spoils = [_not_an_object, _unknown_name, _not_text]
    spoils += [_of_another_kind, _too_much] if schema["properties"] else []
    spoils += [_without_a_needed_one] if schema.get("required") else []
    spoil = draw(st.sampled_from(spoils))
    return Call(who=call.who, arguments=draw(spoil(dict(call.arguments), schema)))


@st.composite
def _not_an_object(_draw: st.DrawFn, arguments: Any, _schema: Any) -> Any:
    return _draw(st.sampled_from((None, [], [arguments], "{}", 1, True, nested(500))))


@st.composite
def _unknown_name(draw: st.DrawFn, arguments: Any, schema: Any) -> Any:
    names = TEXT | st.sampled_from(("modelx", "Model", "__class__", "self", "pk"))
    name = draw(names.filter(lambda name: name not in schema["properties"]))
    return {**arguments, name: draw(TEXT)}


@st.composite
def _not_text(draw: st.DrawFn, arguments: Any, schema: Any) -> Any:
    """Put NUL or half a character into a text or a name, however deep."""
    bad = draw(st.sampled_from(("\x00", "a\x00b", "\ud800", "x\udfff")))
    name = draw(st.sampled_from([*schema["properties"], "x"]))
    value = draw(st.sampled_from((bad, [bad], {bad: 1}, {"a": [{"b": bad}]})))
    return draw(st.sampled_from(({**arguments, bad: 1}, {**arguments, name: value})))


@st.composite
def _of_another_kind(draw: st.DrawFn, arguments: Any, schema: Any) -> Any:
    name = draw(st.sampled_from(sorted(schema["properties"])))
    kind = _kinds(schema["properties"][name])
    others = {
        "null": None,
        "boolean": True,
        "number": 1.5,
        "integer": 7,
        "string": "7",
        "array": nested(3),
        "object": {"a": nested(3)},
    }
    wrong = [value for other, value in others.items() if other not in kind]
    return {**arguments, name: draw(st.sampled_from([*wrong, nested(500)]))}


def _kinds(schema: Any) -> set[str]:
    if "enum" in schema:
        return set()
    kinds = schema.get("type", "object")
    return {kinds} if isinstance(kinds, str) else set(kinds)


@st.composite
def _too_much(draw: st.DrawFn, arguments: Any, schema: Any) -> Any:
    """Go beyond what an argument may hold, which the struct says and the schema not."""
    much = {
        "model": "x" * 201,
        "id": "1" * 256,
        "ids": [1] * 101,
        "query": "x" * 501,
        "limit": draw(st.sampled_from((0, -1, 10_001, HUGE, 1e300))),
        "confirm": "x" * 301,
        "app": "x" * 201,
    }
    name = draw(st.sampled_from([one for one in much if one in schema["properties"]]))
    return {**arguments, name: much[name]}


@st.composite
def _without_a_needed_one(draw: st.DrawFn, arguments: Any, schema: Any) -> Any:
    left_out = draw(st.sampled_from(sorted(schema["required"])))
    return {name: value for name, value in arguments.items() if name != left_out}
