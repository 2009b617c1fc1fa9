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
    history may have been emptied and begun anew since, so model, object and user must
    fit too.
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
    told = (_label_of(entry), entry.object_id, entry.user_id)
    return told == (row.model, row.object_id, row.tool_call.user_id)


def _label_of(entry: LogEntry) -> str:
    """Return the model that an entry is about, "" once the site has none such."""
    if entry.content_type_id is None:
        return ""
    kind = ContentType.objects.get_for_id(entry.content_type_id)  # kept in memory
    return f"{kind.app_label}.{kind.model}"
