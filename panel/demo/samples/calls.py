"""Write a month of tool calls: in sessions, in office hours, now and then refused."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agent_connector.models import Level, ToolCall
from panel.demo.samples.clock import office_time
from panel.demo.samples.history import Chapter

DAYS = 30
SESSIONS_PER_BUSY = 2.7
"""Sessions a month of a connection that is busy 1."""

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
    yield _make_call(
        chapter, _draw_step(connection.level, dice=dice), at=last, dice=dice
    )


def _session_of(
    chapter: Chapter, *, begin: datetime, end: datetime, dice: random.Random
) -> Iterator[ToolCall]:
    """Yield a handful of calls from `begin` on, all before `end`, the very last one."""
    at = begin
    opening = (
        Step(tool="whoami", arguments={}),
        Step(tool="list_models", arguments={}),
    )
    level = chapter.connection.level
    steps = [
        *opening[: dice.choice([0, 1, 2])],
        *(_draw_step(level, dice=dice) for _ in range(dice.randint(3, 12))),
    ]
    for step in steps:
        at += timedelta(seconds=dice.randint(2, 55), milliseconds=dice.randint(0, 999))
        if at >= end:
            return
        yield _judged(_make_call(chapter, step, at=at, dice=dice), dice=dice)


def _draw_step(level: str, *, dice: random.Random) -> Step:
    model, query = dice.choice(SEARCHES)
    number = str(dice.randint(1, 190))
    kind = dice.choices(["search", "get", "describe", "update"], [46, 30, 9, 15])[0]
    if kind == "update" and level != Level.READ:
        price = f"{dice.randint(8, 120)}.90"
        return Step(
            tool="update_record",
            model="shop.product",
            object_id=number,
            arguments={
                "model": "shop.product",
                "id": number,
                "values": {"price": price},
            },
        )
    if kind == "get":
        return Step(
            tool="get_record",
            model=model,
            object_id=number,
            arguments={"model": model, "id": number},
        )
    if kind == "describe":
        return Step(tool="describe_model", model=model, arguments={"model": model})
    return Step(
        tool="search_records", model=model, arguments={"model": model, "query": query}
    )


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


def _judged(call: ToolCall, *, dice: random.Random) -> ToolCall:
    """Let a few calls be refused or fail, as they do."""
    fate = dice.random()
    if call.tool in {"whoami", "list_models"} or fate > 0.075:
        return call
    if fate > 0.03:
        call.outcome = ToolCall.Outcome.REFUSED
        call.reason = dice.choice(["permission_missing", "scope_missing"])
        call.duration = timedelta(milliseconds=dice.randint(1, 6))
        return call
    call.outcome = ToolCall.Outcome.FAILED
    call.reason = (
        "price: A product on sale needs a price of more than zero."
        if call.tool == "update_record"
        else "There is no such record, or you may not see it."
    )
    return call
