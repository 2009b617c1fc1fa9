"""The admin's history of an act: one entry for each record, with the client's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.db.models import Max
from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.policy.caller import Caller


def last_entry() -> int:
    """Return a mark after which new entries are found."""
    return _entries().aggregate(last=Max("pk"))["last"] or 0


def new_entries(
    caller: Caller, model_admin: ModelAdmin, pks: Collection[str], *, after: int
) -> list[LogEntry]:
    """Return what the caller's user logged of these records since `after`.

    Whoever asks holds the records locked: nobody else has changed them meanwhile.
    """
    model = model_admin.model
    kinds = [
        ContentType.objects.get_for_model(model, for_concrete_model=concrete)
        for concrete in (False, True)
    ]
    wanted = frozenset(pks)
    return [
        entry
        for entry in _entries()
        .filter(pk__gt=after, user_id=caller.user.pk, content_type__in=kinds)
        .order_by("pk")
        if entry.object_id in wanted
    ]


def sign_entries(
    caller: Caller, model_admin: ModelAdmin, pks: Collection[str], *, after: int
) -> list[LogEntry]:
    """Add the client's name to `new_entries`, and return them."""
    entries = new_entries(caller, model_admin, pks, after=after)
    for entry in entries:
        entry.change_message = with_client(entry.get_change_message(), caller)
        entry.save(update_fields=["change_message"])
    return entries


def words_by_record(entries: Iterable[LogEntry]) -> dict[str, str]:
    """Return what the entries say, by the ids of their records."""
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
    via = gettext("Via %(client)s.") % {"client": caller.client_name}
    return f"{message} {via}".strip()


def _entries() -> Any:
    return LogEntry.objects.using(router.db_for_write(LogEntry))
