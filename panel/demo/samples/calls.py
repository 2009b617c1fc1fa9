"""Write a month of tool calls: in sessions, in office hours, now and then refused."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agent_connector.models import Connection, Level, ToolCall
from panel.demo.samples.clock import office_time
from panel.demo.samples.history import Chapter

DAYS = 30
SESSIONS_PER_BUSY = 2.7
"""Sessions a month of a connection that is busy 1."""

HOW_MANY = {
    "shop.product": 190,
    "shop.order": 900,
    "shop.customer": 250,
    "shop.coupon": 12,
    "shop.category": 12,
}
"""Of which records are read: all are there, whatever has been added or removed since."""

TRIES_ANYWAY = 0.15
"""How often an agent asks for a change that its connection does not allow."""

GONE = 0.08
"""How often it asks for a record that is not there."""

FREE = 0.1
"""How often the new price is one that the shop does not take."""

SEARCHES = (
    ("shop.product", "kettle"),
    ("shop.product", "linen"),
    ("shop.product", "candle"),
    ("shop.product", ""),
    ("shop.order", ""),
    ("shop.order", "gift"),
    ("shop.customer", "Hamburg"),
    ("shop.customer", "Amsterdam"),
    ("shop.coupon", ""),
    ("shop.category", ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call within a session."""

    tool: str
    model: str = ""
    object_id: str = ""
    arguments: dict[str, Any]


def write_calls(
    chapters: Sequence[Chapter], *, dice: random.Random, now: datetime
) -> None:
    """Store the calls of the last `DAYS` days of every connection."""
    ToolCall.objects.bulk_create(
        sorted(
            (
                call
                for chapter in chapters
                for call in _calls_of(chapter, dice=dice, now=now)
            ),
            key=lambda call: call.at,
        ),
        batch_size=500,
    )


def _calls_of(
    chapter: Chapter, *, dice: random.Random, now: datetime
) -> Iterator[ToolCall]:
    connection, busy = chapter.connection, chapter.episode.busy
    last = connection.last_used_at
    begin = max(now - timedelta(days=DAYS), connection.created_at)
    if last is None or last <= begin:
        return
    window = (last - begin) / timedelta(days=1)
    for _session in range(round(busy * SESSIONS_PER_BUSY * window / DAYS)):
        days_ago = (now - last).days + dice.randint(0, int(window))
        at = office_time(days_ago=days_ago, dice=dice, now=now)
        yield from _session_of(chapter, begin=max(at, begin), end=last, dice=dice)
    yield _make_call(chapter, _draw_look(dice=dice), at=last, dice=dice)


def _session_of(
    chapter: Chapter, *, begin: datetime, end: datetime, dice: random.Random
) -> Iterator[ToolCall]:
    """Yield a handful of calls from `begin` on, all before `end`, the very last one."""
    at = begin
    opening = (
        Step(tool="whoami", arguments={}),
        Step(tool="list_models", arguments={}),
    )
    obstacle = _obstacle_of(chapter.connection)
    steps = [
        *opening[: dice.choice([0, 1, 2])],
        *(_draw_step(obstacle, dice=dice) for _ in range(dice.randint(3, 12))),
    ]
    for step in steps:
        at += timedelta(seconds=dice.randint(2, 55), milliseconds=dice.randint(0, 999))
        if at >= end:
            return
        call = _make_call(chapter, step, at=at, dice=dice)
        yield _judged(call, obstacle=obstacle, dice=dice)


def _obstacle_of(connection: Connection) -> str:
    """Return the code of why no product is changed through it, or ""."""
    if connection.level == Level.READ:
        return "scope_missing"
    may_change = connection.user.has_perm("shop.change_product")
    return "" if may_change else "permission_missing"


def _draw_step(obstacle: str, *, dice: random.Random) -> Step:
    """Draw what is tried; what is to fail has in it what makes it fail."""
    kind = dice.choices(["look", "get", "update"], [55, 30, 15])[0]
    if kind == "update" and (not obstacle or dice.random() < TRIES_ANYWAY):
        is_free = not obstacle and dice.random() < FREE
        price = "0.00" if is_free else f"{dice.randint(8, 120)}.90"
        return _step_on(
            "update_record",
            "shop.product",
            dice.randint(1, HOW_MANY["shop.product"]),
            values={"price": price},
        )
    if kind == "get":
        model, _query = dice.choice(SEARCHES)
        is_gone = dice.random() < GONE
        among = (9000, 9999) if is_gone else (1, HOW_MANY[model])
        return _step_on("get_record", model, dice.randint(*among))
    return _draw_look(dice=dice)


def _draw_look(*, dice: random.Random) -> Step:
    """Draw a step that any connection may take and that comes to an end."""
    model, query = dice.choice(SEARCHES)
    if dice.random() < 0.16:
        return Step(tool="describe_model", model=model, arguments={"model": model})
    return Step(
        tool="search_records", model=model, arguments={"model": model, "query": query}
    )


def _step_on(tool: str, model: str, number: int, **more: Any) -> Step:
    arguments = {"model": model, "id": str(number), **more}
    return Step(tool=tool, model=model, object_id=str(number), arguments=arguments)


def _make_call(
    chapter: Chapter, step: Step, *, at: datetime, dice: random.Random
) -> ToolCall:
    connection = chapter.connection
    slow = step.tool in {"search_records", "update_record"}
    milliseconds = dice.randint(18, 140) if slow else dice.randint(3, 40)
    return ToolCall(
        at=at,
        user=connection.user,
        user_name=connection.user.get_username(),
        connection=connection,
        client_name=connection.client_name or connection.label,
        tool=step.tool,
        model=step.model,
        object_id=step.object_id,
        outcome=ToolCall.Outcome.DONE,
        duration=timedelta(milliseconds=milliseconds),
        arguments=step.arguments,
        address=connection.last_used_from,
    )


def _judged(call: ToolCall, *, obstacle: str, dice: random.Random) -> ToolCall:
    """Give a call the outcome that its arguments and its connection have earned."""
    if call.tool == "update_record" and obstacle:
        call.outcome, call.reason = ToolCall.Outcome.REFUSED, obstacle
        call.duration = timedelta(milliseconds=dice.randint(1, 6))
        return call
    reason = _fault_of(call)
    if reason:
        call.outcome, call.reason = ToolCall.Outcome.FAILED, reason
    return call


def _fault_of(call: ToolCall) -> str:
    if call.arguments.get("values") == {"price": "0.00"}:
        return "price: A product on sale needs a price of more than zero."
    if call.tool == "get_record" and int(call.object_id) > HOW_MANY[call.model]:
        return "There is no such record, or you may not see it."
    return ""
