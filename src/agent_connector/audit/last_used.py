"""Write Last Used, and count the call, in statements put together once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db import router
from django.db.models import DateTimeField, GenericIPAddressField

from agent_connector.models import Connection, MCPAccess
from agent_connector.models.prepared import PreparedUpdate, Slot
from agent_connector.policy.pace import counted_from, minute_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model


def touch(
    connection: Connection,
    *,
    at: datetime,
    address: str | None,
    ends_row: bool,
    locks_user: bool,
) -> None:
    """Write Last Used, exact to the second, of the connection and its user; count it.

    First the user, then the connection: the order in which a mass revoke locks them,
    so that neither waits for the other in a circle. A user's second call within one
    second tells nothing new of the user, whose row only a change has to lock.
    """
    if locks_user or not _in_one_second(connection.user.mcp_access.last_used_at, at):
        touch_user = _touch_user(router.db_for_write(MCPAccess))
        touch_user(key=connection.user_id, at=at)
    touch_connection = _touch_connection(
        router.db_for_write(Connection), ends_row=ends_row
    )
    touch_connection(key=connection.pk, at=at, began=minute_of(at), address=address)


def _in_one_second(earlier: datetime | None, later: datetime) -> bool:
    return earlier is not None and int(earlier.timestamp()) == int(later.timestamp())


@cache
def _touch_user(using: str) -> PreparedUpdate:
    rows = MCPAccess.objects.using(using).filter(pk=_key_of(MCPAccess))
    return PreparedUpdate(rows, last_used_at=_AT)


@cache
def _touch_connection(using: str, *, ends_row: bool) -> PreparedUpdate:
    rows = Connection.objects.using(using).filter(pk=_key_of(Connection))
    return PreparedUpdate(
        rows,
        last_used_at=_AT,
        last_used_from=Slot("address", GenericIPAddressField()),
        **counted_from(Slot("began", DateTimeField())),
        **({"refused_in_row": 0} if ends_row else {}),
    )


_AT = Slot("at", DateTimeField())


def _key_of(model: type[Model]) -> Slot:
    return Slot("key", model._meta.pk)
