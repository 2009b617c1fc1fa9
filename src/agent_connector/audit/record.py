"""Write the record, one row per attempt or act."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connections as db_connections
from django.db import router
from django.db.models import (
    CharField,
    DateTimeField,
    F,
    GenericIPAddressField,
    Value,
)

from agent_connector.audit.redact import redact_arguments, redact_text
from agent_connector.models import Connection, Event, MCPAccess, ToolCall
from agent_connector.policy.pace import one_more
from agent_connector.signals import send_on_commit, tool_called

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from agent_connector.policy.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried: filled in by whoever judged the call."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict, repr=False)
    model: str = ""
    object_id: str = ""


def record_call(
    caller: Caller,
    attempt: Attempt,
    *,
    outcome: ToolCall.Outcome,
    now: datetime,
    duration: timedelta,
    reason: str = "",
) -> ToolCall:
    """Write one `ToolCall`, and Last Used unless the call was refused.

    Runs in the caller's transaction, so that a change and its record stand or fall
    together.
    """
    connection = caller.connection
    call = ToolCall.objects.create(
        at=now,
        user_id=connection.user_id,
        user_name=caller.user.get_username()[:150],
        connection=connection,
        client_name=caller.client_name,
        tool=redact_text(attempt.tool)[:128],
        model=redact_text(attempt.model)[:200],
        object_id=redact_text(attempt.object_id)[:255],
        outcome=outcome,
        reason=redact_text(reason),
        duration=duration,
        arguments=redact_arguments(attempt.arguments),
        address=caller.address,
    )
    if outcome != ToolCall.Outcome.REFUSED:
        is_failed = outcome == ToolCall.Outcome.FAILED
        ends_row = {} if is_failed else {"refused_in_row": 0}
        _touch(connection, at=now, address=caller.address, **ends_row)
    send_on_commit(tool_called, ToolCall, tool_call=call)
    return call


def _touch(
    connection: Connection, *, at: datetime, address: str | None, **more: Any
) -> None:
    """Write Last Used, exact to the second, of the connection and its user; count it.

    First the user, then the connection: the order in which a mass revoke locks them,
    so that neither waits for the other in a circle.
    """
    MCPAccess.objects.filter(pk=connection.user_id).update(last_used_at=at)
    Connection.objects.filter(pk=connection.pk).update(
        last_used_at=at, last_used_from=address, **one_more(now=at), **more
    )


def record_event(  # noqa: PLR0913  # the record has these facts
    kind: Event.Kind,
    *,
    now: datetime,
    user: User | None = None,
    actor: User | None = None,
    connection: Connection | None = None,
    address: str | None = None,
    detail: str = "",
) -> None:
    """Write one `Event`; `detail` is shown to administrators, never a secret."""
    Event.objects.create(
        at=now,
        kind=kind,
        actor_id=actor.pk if actor else None,
        user_id=user.pk if user else None,
        connection=connection,
        address=address,
        detail=redact_text(detail),
    )


def record_revocations(
    connections: QuerySet[Connection],
    *,
    actor_pk: object,
    reason: str,
    now: datetime,
    address: str | None,
) -> None:
    """Write one `Event` for each of `connections` in one INSERT … SELECT."""
    actor_field = Event._meta.get_field("actor").target_field
    columns = {
        "at": Value(now, DateTimeField()),
        "kind": Value(Event.Kind.CONNECTION_REVOKED, CharField()),
        "actor_id": Value(actor_pk, actor_field),
        "user_id": F("user_id"),
        "connection_id": F("pk"),
        "address": Value(address, GenericIPAddressField()),
        "detail": Value(reason, CharField()),
    }
    rows = connections.annotate(
        **{f"event_{name}": column for name, column in columns.items()}
    ).values_list(*(f"event_{name}" for name in columns))
    using = router.db_for_write(Event)
    select, params = rows.query.get_compiler(using).as_sql()
    with db_connections[using].cursor() as cursor:
        quote = db_connections[using].ops.quote_name
        into = ", ".join(quote(name) for name in columns)
        cursor.execute(
            f"INSERT INTO {quote(Event._meta.db_table)} ({into}) {select}", params
        )
