"""A million tool calls: half a year of a busy site."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection, transaction

from agent_connector.models import Connection, ToolCall
from agent_connector.tools.registry import all_tools

USERS = 300
SPAN = timedelta(days=180)
CLIENTS = ("Claude Code", "Claude", "ChatGPT", "Codex", "Cursor", "Gemini CLI")
RARE = "Rare Client"
MODELS = tuple(f"shop.model{number}" for number in range(20))
OUTCOMES = ("done",) * 94 + ("refused",) * 4 + ("failed", "asked")
BATCH, TIMES = 10_000, 100
_LATER = {
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', at, %s || ' seconds')",
    "postgresql": "at + make_interval(secs => %s)",
}
"""In each dialect: the time of a call, so many seconds later."""


def fill_calls(*, now: datetime) -> None:
    """Store a million calls: one stretch of time by hand, repeated by the database."""
    stretch = SPAN / TIMES
    start = now - SPAN
    ToolCall.objects.bulk_create(
        _calls(_people(), start=start, step=stretch / BATCH), batch_size=500
    )
    table = ToolCall._meta.db_table
    columns = [
        connection.ops.quote_name(str(field.column))
        for field in ToolCall._meta.concrete_fields
        if field.attname not in {"id", "at"}
    ]
    names = ", ".join(columns)
    repeat = (
        f"INSERT INTO {table} (at, {names}) SELECT {_LATER[connection.vendor]}, {names}"  # names of ours
        f" FROM {table} WHERE at < %s ORDER BY at"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(1, TIMES):
            seconds = (stretch * number).total_seconds()
            cursor.execute(repeat, [seconds, start + stretch])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people() -> list[User]:
    dice = random.Random(5)
    firsts = ("Lena", "Amélie", "Diego", "Priya", "Joris", "Samir", "Hana", "Nils")
    people = [
        User(
            username=f"user{number}",
            first_name=dice.choice(firsts),
            last_name=f"Roe{number}",
            email=f"user{number}@example.com",
            is_staff=True,
        )
        for number in range(USERS)
    ]
    return User.objects.bulk_create(people)


def _calls(users: list[User], *, start: datetime, step: timedelta) -> list[ToolCall]:
    dice = random.Random(11)
    tools = [tool.name for tool in all_tools()]
    opened = _connections(users[0], now=start)
    calls = []
    for number in range(BATCH):
        user, model = dice.choice(users), dice.choice(MODELS)
        outcome = dice.choice(OUTCOMES)
        name = dice.choice(CLIENTS) if number % 1_000 else RARE
        calls.append(
            ToolCall(
                at=start + step * number,
                user=user,
                user_name=user.username,
                client_name=name,
                connection=opened[name],
                tool=dice.choice(tools),
                model=model,
                object_id=str(dice.randrange(5_000)),
                outcome=outcome,
                reason="" if outcome == "done" else "scope_missing",
                duration=timedelta(milliseconds=dice.randrange(5, 300)),
                arguments={"model": model, "query": "x" * 120},
                address="192.0.2.7",
            )
        )
    return calls


def _connections(user: User, *, now: datetime) -> dict[str, Connection]:
    """Return one of each client: the record has its name from there."""
    return {
        name: Connection.objects.create(
            user=user,
            client_name=name,
            origin=Connection.Origin.OAUTH,
            level="write",
            resource="http://127.0.0.1:8000/mcp",
            epoch=0,
            created_at=now,
            exchanged_at=now,
            expires_at=now + SPAN,
            absolute_expires_at=now + SPAN,
        )
        for name in (*CLIENTS, RARE)
    }
