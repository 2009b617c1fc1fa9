"""The admin's history of an act: one entry for each record, with the client's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.db.models import Max
from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


def last_entry() -> int:
    """Return a mark after which new entries are found."""
    return _entries().aggregate(last=Max("pk"))["last"] or 0


def sign_entries(
    caller: Caller, model_admin: ModelAdmin, pks: Collection[str], *, after: int
) -> dict[str, str]:
    """Add the client's name to what was logged of these records since `after`.

    Returns what it says now, by the ids of the records.
    """
    model = model_admin.model
    kinds = [
        ContentType.objects.get_for_model(model, for_concrete_model=concrete)
        for concrete in (False, True)
    ]
    entries = [
        entry
        for entry in _entries().filter(
            pk__gt=after, user_id=caller.user.pk, content_type__in=kinds
        )
        if entry.object_id in pks
    ]
    for entry in entries:
        entry.change_message = with_client(entry.get_change_message(), caller)
        entry.save(update_fields=["change_message"])
    return {str(entry.object_id): entry.change_message for entry in entries}


def log_act(caller: Caller, records: Sequence[Model], message: str) -> str:
    """Log what was done with each of the records; return what their History says."""
    told = with_client(message, caller)
    entries: Any = LogEntry.objects
    if records:
        entries.log_actions(caller.user.pk, records, CHANGE, told)
    return told


def with_client(message: str, caller: Caller) -> str:
    """Return a message, and through which client the act came."""
    return f"{message} {via(caller.client_name)}".strip()


def via(client: str) -> str:
    """Return the words by which a message names the client of an agent."""
    return gettext("Via %(client)s.") % {"client": client}


def _entries() -> Any:
    return LogEntry.objects.using(router.db_for_write(LogEntry))
