"""Store changed settings: the row locked, the change on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agent_connector.audit.record import record_event
from agent_connector.models import ConnectorSettings, Event
from agent_connector.models.settings import THE_ROW
from agent_connector.policy.networks import format_networks

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def locked_row() -> ConnectorSettings:
    """Return the row, which nobody else changes until the transaction ends."""
    ConnectorSettings.objects.bulk_create(
        [ConnectorSettings(pk=THE_ROW)], ignore_conflicts=True
    )
    return ConnectorSettings.objects.select_for_update().get(pk=THE_ROW)


@transaction.atomic
def switch(
    name: str,
    *,
    on: bool,
    actor: User | None,
    now: datetime,
    address: str | None = None,
    via: str = "",
) -> bool:
    """Set one switch, and say whether it stood otherwise before."""
    row = locked_row()
    before = getattr(row, name)
    if before == on:
        return False
    setattr(row, name, on)
    row.save(update_fields=[name])
    changes = {name: (before, on)}
    record_changes(changes, actor=actor, now=now, address=address, via=via)
    return True


def record_changes(
    changes: Mapping[str, tuple[Any, Any]],
    *,
    actor: User | None,
    now: datetime,
    address: str | None,
    via: str = "",
) -> None:
    """Put on record which settings changed, from what to what."""
    record_event(
        Event.Kind.SETTINGS_CHANGED,
        now=now,
        actor=actor,
        address=address,
        detail="; ".join(
            f"{name}: {_text(old)} → {_text(new)}"
            for name, (old, new) in changes.items()
        ),
        via=via,
    )


def _text(value: Any) -> str:
    """Return a value as the record has it: `on`, `off`, a span in seconds, a list."""
    if isinstance(value, timedelta):
        return f"{value // timedelta(seconds=1)} s"
    if isinstance(value, tuple):
        return format_networks(value).replace("\n", ", ") or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
