"""Write the record, one row per attempt or act."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import connections as db_connections
from django.db import router
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    GenericIPAddressField,
    Value,
    When,
)
from django.db.models.functions import Cast, Left

from agent_connector.audit.changes import RecordChange, stored_changes
from agent_connector.audit.last_used import touch
from agent_connector.audit.redact import hides_nothing, redact_arguments, redact_text
from agent_connector.models import (
    ChangedRecord,
    Connection,
    Event,
    MCPAccess,
    ToolCall,
)
from agent_connector.models.event import LONGEST_NAME
from agent_connector.models.prepared import PreparedInsert
from agent_connector.signals import send_on_commit, tool_called

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from django.contrib.auth.models import User
    from django.db.models import Model, QuerySet

    from agent_connector.policy.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried: filled in by whoever judged the call."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict, repr=False)
    model: str = ""
    object_id: str = ""
    hides: Callable[[str], bool] = hides_nothing
    """Says of a name in the arguments whether agents may not know what it holds."""


def record_call(  # noqa: PLR0913  # the record has these facts
    caller: Caller,
    attempt: Attempt,
    *,
    outcome: ToolCall.Outcome,
    now: datetime,
    duration: timedelta,
    reason: str = "",
    changes: Sequence[RecordChange] = (),
    ends_refusals: bool = True,
    locks_user: bool = True,
    outlived: bool = False,
) -> ToolCall:
    """Write one `ToolCall` with what it changed, and Last Used unless it was refused.

    Runs in the caller's transaction, so that a change and its record stand or fall
    together. What was said and which values changed is kept only if the site keeps it.
    `locks_user` is False for a call that only reads (`touch`). One that has `outlived`
    its connection, or its user too, keeps their names.
    """
    connection = caller.connection
    keeps = caller.stores_arguments
    call = ToolCall(
        at=now,
        user_id=_existing(caller.user) if outlived else connection.user_id,
        user_name=_name_of(caller.user),
        connection_id=_existing(connection) if outlived else connection.pk,
        client_name=caller.client_name,
        tool=redact_text(attempt.tool)[:128],
        model=redact_text(attempt.model)[:200],
        object_id=redact_text(attempt.object_id)[:255],
        outcome=outcome,
        reason=redact_text(reason),
        duration=duration,
        arguments=(
            redact_arguments(attempt.arguments, hides=attempt.hides) if keeps else {}
        ),
        changes=stored_changes(changes) if keeps else [],
        address=caller.address,
    )
    _insert_call(router.db_for_write(ToolCall))(call)
    if changes:
        ChangedRecord.objects.bulk_create(_changed_records(call, changes))
    if outcome != ToolCall.Outcome.REFUSED:
        touch(
            connection,
            at=now,
            address=caller.address,
            ends_row=ends_refusals and outcome == ToolCall.Outcome.DONE,
            locks_user=locks_user,
        )
    send_on_commit(tool_called, ToolCall, tool_call=call)
    return call


def _existing(row: Model) -> Any:
    """Return the key of a row that is there at this moment, or None."""
    same = type(row)._base_manager.using(router.db_for_write(ToolCall))  # noqa: SLF001
    return same.filter(pk=row.pk).values_list("pk", flat=True).first()


def _changed_records(
    call: ToolCall, changes: Sequence[RecordChange]
) -> list[ChangedRecord]:
    return [
        ChangedRecord(
            tool_call=call,
            model=change.model[:200],
            object_id=redact_text(change.object_id)[:255],
            at=call.at,
            log_entry_id=entry,
        )
        for change in changes
        for entry in change.log_entries or (None,)
    ]


@cache
def _insert_call(using: str) -> PreparedInsert:
    return PreparedInsert(ToolCall, using=using)


def record_event(  # noqa: PLR0913  # the record has these facts
    kind: Event.Kind,
    *,
    now: datetime,
    user: User | None = None,
    actor: User | None = None,
    connection: Connection | None = None,
    address: str | None = None,
    detail: str = "",
    via: str = "",
    audience: Event.Audience = Event.Audience.NOBODY,
) -> None:
    """Write one `Event`; `detail` is shown to administrators, never a secret.

    `via` names what an act came through that came through no screen.
    """
    Event.objects.create(
        at=now,
        kind=kind,
        actor_id=actor.pk if actor else None,
        actor_name=_name_of(actor),
        user_id=user.pk if user else None,
        user_name=_name_of(user),
        connection=connection,
        address=address,
        detail=redact_text(detail_of(detail, via=via)),
        audience=audience,
    )


def detail_of(detail: str, *, via: str) -> str:
    """Return the detail of an event, with the way that the act took behind it."""
    return "; ".join(part for part in (detail, via) if part)


def record_revocations(  # noqa: PLR0913  # the record has these facts
    connections: QuerySet[Connection],
    *,
    actor: User | None,
    reason: str,
    now: datetime,
    address: str | None,
    via: str = "",
    audience: Event.Audience = Event.Audience.NOBODY,
) -> None:
    """Write one `Event` for each of `connections` in one INSERT … SELECT.

    Whoever revokes their own is not told of it.
    """
    told: Any = Value(audience, CharField())
    if actor is not None:
        nobody = Value(Event.Audience.NOBODY, CharField())
        told = Case(When(user_id=actor.pk, then=nobody), default=told)
    _record_each(
        connections,
        kind=Event.Kind.CONNECTION_REVOKED,
        actor=actor,
        now=now,
        address=address,
        connection_id=F("pk"),
        detail=Value(detail_of(reason, via=via), CharField()),
        audience=told,
    )


def record_access(
    rows: QuerySet[MCPAccess],
    *,
    enabled: bool,
    actor: User | None,
    now: datetime,
    address: str | None,
    via: str = "",
) -> None:
    """Write one `Event` for each of the users whose access these `rows` are."""
    _record_each(
        rows,
        kind=Event.Kind.ACCESS_ENABLED if enabled else Event.Kind.ACCESS_DISABLED,
        actor=actor,
        now=now,
        address=address,
        detail=Value(via, CharField()),
        audience=Value(Event.Audience.NOBODY, CharField()),
    )


def _record_each(  # the record has these facts
    rows: QuerySet[Any],
    *,
    kind: Event.Kind,
    actor: User | None,
    now: datetime,
    address: str | None,
    **more: Any,
) -> None:
    """Write one `Event` for each row that has a `user`, in one INSERT … SELECT."""
    sign_in_name = F(f"user__{get_user_model().USERNAME_FIELD}")
    actor_field = Event._meta.get_field("actor").target_field
    columns = {
        "at": Value(now, DateTimeField()),
        "kind": Value(kind, CharField()),
        "actor_id": Value(actor.pk if actor else None, actor_field),
        "actor_name": Value(_name_of(actor), CharField()),
        "user_id": F("user_id"),
        "user_name": Left(Cast(sign_in_name, CharField()), LONGEST_NAME),
        "address": Value(address, GenericIPAddressField()),
        **more,
    }
    selected = rows.annotate(
        **{f"event_{name}": column for name, column in columns.items()}
    ).values_list(*(f"event_{name}" for name in columns))
    using = router.db_for_write(Event)
    select, params = selected.query.get_compiler(using).as_sql()
    with db_connections[using].cursor() as cursor:
        quote = db_connections[using].ops.quote_name
        into = ", ".join(quote(name) for name in columns)
        cursor.execute(
            f"INSERT INTO {quote(Event._meta.db_table)} ({into}) {select}", params
        )


def _name_of(user: User | None) -> str:
    """Return the sign-in name, which stays on record when the user is gone."""
    return str(user.get_username())[:LONGEST_NAME] if user else ""
