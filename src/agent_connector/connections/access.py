"""Enable and disable MCP access of users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce

from agent_connector.audit.record import record_access
from agent_connector.connections.revoke import Revoked, revoke_users
from agent_connector.models import Connection, MCPAccess
from agent_connector.signals import access_changed, send_on_commit

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet


@transaction.atomic
def enable_access(
    user_pks: Iterable[Any],
    *,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> int:
    """Enable MCP access and return for how many users it was disabled before.

    Nothing that was revoked comes back: each client must be authorized again. The
    epoch holds that also after `enabled` was switched off by other hands than ours.
    """
    pks = list(user_pks)
    MCPAccess.objects.bulk_create(
        [MCPAccess(user_id=pk) for pk in pks], ignore_conflicts=True
    )
    disabled = MCPAccess.objects.filter(pk__in=pks, enabled=False)
    changed = _locked(disabled)
    disabled.update(
        enabled=True,
        added_at=Coalesce("added_at", Value(now, output_field=DateTimeField())),
        changed_at=now,
        changed_by_id=actor.pk if actor else None,
        epoch=F("epoch") + 1,
    )
    _tell(changed, enabled=True, actor=actor, now=now, address=address, via=via)
    return len(changed)


@transaction.atomic
def disable_access(
    user_pks: Iterable[Any],
    *,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> Revoked:
    """Disable MCP access and revoke all tokens of these users, in one transaction."""
    pks = list(user_pks)
    enabled = MCPAccess.objects.filter(pk__in=pks, enabled=True)
    changed = _locked(enabled)
    enabled.update(
        enabled=False, changed_at=now, changed_by_id=actor.pk if actor else None
    )
    revoked = revoke_users(
        pks,
        reason=Connection.RevokedReason.DISABLED,
        actor=actor,
        now=now,
        address=address,
        via=via,
    )
    _tell(changed, enabled=False, actor=actor, now=now, address=address, via=via)
    return revoked


@transaction.atomic
def start_enabled(user_pk: Any, *, now: datetime) -> bool:
    """Enable who has no record of MCP access yet, and say whether that was so."""
    _access, is_new = MCPAccess.objects.get_or_create(
        user_id=user_pk, defaults={"enabled": True, "added_at": now, "changed_at": now}
    )
    if is_new:
        _tell([user_pk], enabled=True, actor=None, now=now, address=None, via="")
    return is_new


def _locked(rows: QuerySet[MCPAccess]) -> list[Any]:
    """Return the keys of these users, whose rows nobody else changes meanwhile."""
    locked = rows.select_for_update(no_key=True).order_by("pk")
    return list(locked.values_list("pk", flat=True))


def _tell(
    user_pks: list[Any],
    *,
    enabled: bool,
    actor: User | None,
    now: datetime,
    address: str | None,
    via: str,
) -> None:
    """Record one event a user, and announce the change once it is committed."""
    if not user_pks:
        return
    record_access(
        MCPAccess.objects.filter(pk__in=user_pks),
        enabled=enabled,
        actor=actor,
        now=now,
        address=address,
        via=via,
    )
    send_on_commit(
        access_changed, MCPAccess, user_ids=user_pks, enabled=enabled, actor=actor
    )
