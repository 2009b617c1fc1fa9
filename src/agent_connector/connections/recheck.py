"""Ask once more, at the end of a write, whether the connection still counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import router

from agent_connector.connections.refusal import (
    Problem,
    Refusal,
    refusal_by_site,
    refusal_of_call,
)
from agent_connector.models import Connection
from agent_connector.policy.role import with_role_mark
from agent_connector.policy.settings import SWITCHES, with_settings

if TYPE_CHECKING:
    from datetime import datetime

_GONE = Refusal(Problem.REVOKED, "The connection no longer exists.")


def recheck_connection(
    connection: Connection, *, now: datetime
) -> Connection | Refusal:
    """Return the connection as the database has it at this moment, or why it ended.

    The site's switches (`setting_on`) and whether roles narrow its user (`limits_on`)
    are read with it.

    Called as the last step of the transaction that carries a change, after its record:
    writing Last Used has locked the rows that a revoke has to change. A revoke that
    was committed before is seen here; one that begins later is answered after the
    change is in. None falls between.
    """
    same = (
        Connection.objects.using(router.db_for_write(Connection))
        .select_related("client", "revoked_by", "user__mcp_access")
        .filter(pk=connection.pk)
    )
    fresh = with_settings(with_role_mark(same, "user"), *SWITCHES).first()
    if fresh is None:
        return _GONE
    by_site = refusal_by_site(fresh, origin=fresh.origin)
    return by_site or refusal_of_call(fresh, now=now) or fresh
