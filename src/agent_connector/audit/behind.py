"""Which tool calls wrote entries of the admin's history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from agent_connector.models import ChangedRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.admin.models import LogEntry

    from agent_connector.models import ToolCall


def calls_behind(entries: Iterable[LogEntry]) -> dict[int, ToolCall]:
    """Return the call behind each of these entries that an agent caused, by its key.

    What an entry says of itself is not looked at: anybody's code writes such texts. The
    history may have been emptied and begun anew since, so object and user must fit too.
    """
    by_key = {entry.pk: entry for entry in entries}
    rows = ChangedRecord.objects.filter(log_entry__in=list(by_key))
    rows = rows.select_related("tool_call").defer(
        "tool_call__arguments", "tool_call__changes"
    )
    return {
        row.log_entry_id: row.tool_call
        for row in rows
        if row.log_entry_id is not None and _fits(row, by_key[row.log_entry_id])
    }


def _fits(row: ChangedRecord, entry: LogEntry) -> bool:
    kind = ContentType.objects.get_for_id(entry.content_type_id or 0)
    same_object = (row.model, row.object_id) == (
        f"{kind.app_label}.{kind.model}",
        entry.object_id,
    )
    return same_object and row.tool_call.user_id == entry.user_id
