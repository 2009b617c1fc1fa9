"""What the tools really do with a combination, beside what was said of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from agent_connector.connections.refusal import Refusal
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Connection
from agent_connector.policy.caller import Caller
from agent_connector.policy.exposure import label_of
from agent_connector.policy.pace import one_more
from agent_connector.policy.rules import Denial
from agent_connector.policy.site import resource_url
from agent_connector.tools.call import call_tool, is_listed
from agent_connector.tools.definition import (
    ScopeMissing,
    SiteReadOnly,
    ToolFailed,
    ToolRefused,
    TooManyCalls,
    UnknownTool,
    encode_answer,
)
from agent_connector.tools.effective import (
    TOOLS_FOR,
    Effective,
    ModelLine,
    effective_rights,
)
from agent_connector.tools.modeladmin.search_records import DEFAULT_ROWS
from tests.effective.chance import MODELS, Chance

Ids = dict[str, str]

VALUES = {
    "shop.category": {"description": "changed"},
    "shop.coupon": {"description": "changed"},
    "shop.customer": {"city": "Changed"},
    "shop.order": {"note": "changed"},
    "shop.product": {"description": "changed"},
}
"""What every one who may change such a record may change."""


def disagreements(chance: Chance, ids: Ids) -> Iterator[str]:
    """Yield each thing that was said one way and happens another way."""
    said = effective_rights(chance.user.pk, chance.level, resource=resource_url())
    assert said is not None
    caller = _caller(chance.token)
    if isinstance(caller, Refusal) != (said.stopped is not None):
        yield f"stopped is {said.stopped}, the token gives {caller}"
    if isinstance(caller, Refusal):
        return
    yield from _of_tools(said, caller)
    yield from _of_lists(said, caller)
    for line in said.models:
        if line.model in MODELS:
            yield from _of_model(line, said, caller, ids)
    yield from _of_rows(said, caller)
    yield from _of_pace(said, chance)


def _caller(token: str) -> Caller | Refusal:
    return verify_access_token(
        token, resource=resource_url(), now=timezone.now(), address=None
    )


def _failure(caller: Caller, tool: str, **arguments: Any) -> ToolFailed | None:
    """Call a tool as the endpoint does, and return why it did not do it."""
    try:
        call_tool(caller, tool, arguments, now=timezone.now())
    except ToolFailed as failure:
        return failure
    return None


def _denial(failure: ToolFailed | None) -> str | None:
    """Return why the tool itself could not be used; what is wrong later is no denial."""
    match failure:
        case UnknownTool():
            return failure.reason
        case SiteReadOnly():
            return Denial.SITE_READ_ONLY
        case ScopeMissing():
            return Denial.SCOPE_MISSING
        case _:
            return None


def _of_tools(said: Effective, caller: Caller) -> Iterator[str]:
    for line in said.tools:
        name, reason = line.tool.name, line.finding.reason
        happened = _denial(_failure(caller, name, nonsense=1))
        if happened != reason:
            yield f"{name}: said {reason}, happened {happened}"
        listed = reason in {None, Denial.SCOPE_MISSING}
        if is_listed(caller, line.tool) != listed:
            yield f"{name}: listed, or not, against what was said"
        if (reason is Denial.ROLE_FORBIDS) != bool(line.finding.roles):
            yield f"{name}: {reason} names {line.finding.roles}"


def _usable(said: Effective) -> set[str]:
    return {line.tool.name for line in said.tools if line.finding.allowed}


def _of_lists(said: Effective, caller: Caller) -> Iterator[str]:
    """Compare with `list_models`, what it lists and what it says one may do."""
    usable = _usable(said)
    if "list_models" not in usable or usable.isdisjoint(TOOLS_FOR["view"]):
        return
    answer = call_tool(caller, "list_models", {}, now=timezone.now())
    told: Any = json.loads(encode_answer(answer))
    listed = {one["model"]: one["may"] for one in told["models"]}
    lines = {label_of(one.model): one for one in said.models}
    seen = {label for label, one in lines.items() if one.acts["view"].allowed}
    if seen != listed.keys():
        yield f"list_models: said {sorted(seen)}, happened {sorted(listed)}"
    for label in seen & listed.keys():
        for act in ("add", "change", "delete"):
            if usable.isdisjoint(TOOLS_FOR[act]):
                continue
            if lines[label].acts[act].allowed != listed[label][act]:
                yield f"list_models: {act} {label}"


def _of_model(
    line: ModelLine, said: Effective, caller: Caller, ids: Ids
) -> Iterator[str]:
    """Compare with what happens to one record; only a refusal is a no."""
    label = label_of(line.model)
    usable = _usable(said)
    if not line.known.allowed and any(one.allowed for one in line.acts.values()):
        yield f"{label}: agents are not told of it, and may act"
    record = {"model": label, "id": ids[label]}
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "view": ("get_record", record),
        "add": ("create_record", {"model": label, "values": {}}),
        "change": ("update_record", {**record, "values": VALUES[label]}),
        # Not confirmed: what is refused for that was judged and found allowed.
        "delete": (
            "delete_records",
            {"model": label, "ids": [ids[label]], "confirm": "acy_nothing"},
        ),
    }
    if "get_record" not in usable:
        calls["view"] = ("search_records", {"model": label})
    for act, (tool, arguments) in calls.items():
        failure = _failure(caller, tool, **arguments)
        happens = not isinstance(failure, ToolRefused)
        if line.acts[act].allowed != happens:
            yield (
                f"{act} {label}: said {line.acts[act].reason}, happened"
                f" {failure and failure.reason}"
            )


def _of_rows(said: Effective, caller: Caller) -> Iterator[str]:
    visible = [one.model for one in said.models if one.acts["view"].allowed]
    most = said.most_rows
    if not visible or "search_records" not in _usable(said):
        return
    label = label_of(visible[0])
    if _failure(caller, "search_records", model=label, limit=most):
        yield f"search_records refuses {most} rows"
    above = most + 1 if most + 1 != DEFAULT_ROWS else most + 2
    if not _failure(caller, "search_records", model=label, limit=above):
        yield f"search_records gives {above} rows"


def _of_pace(said: Effective, chance: Chance) -> Iterator[str]:
    """Compare with the last call of a minute and the one after it."""
    most = said.most_calls
    made = {"last": (most or 10_000) - 1, "next": most or 10_000}
    for which, number in made.items():
        now = timezone.now()
        counted = {**one_more(now=now), "calls_in_window": number}
        Connection.objects.filter(user=chance.user).update(**counted)
        caller = _caller(chance.token)
        assert isinstance(caller, Caller)
        failure = _limited(caller, now=now)
        if failure != (which == "next" and most is not None):
            yield f"the {which} call of {most} is limited: {failure}"


def _limited(caller: Caller, *, now: Any) -> bool:
    try:
        call_tool(caller, "whoami", {}, now=now)
    except ToolFailed as failure:
        return isinstance(failure, TooManyCalls)
    return False
