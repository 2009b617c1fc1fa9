"""What a step changed: rows of the tables, and entries of the admin's history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models

from tests.fidelity.sets import ModelSet, every

OUR_LABELS = ("Mark as shipped. Via ", "Restock selected products. Via ")

Key = tuple[str, Any]
Rows = dict[Key, dict[str, Any]]
Changes = dict[str, Any]


def rows_of(models_of_set: Iterable[type[models.Model]]) -> Rows:
    """Return every row by table and key, many-to-many relations among its values."""
    found: Rows = {}
    for model in models_of_set:
        meta = model._meta
        if meta.proxy:  # its rows are its concrete model's
            continue
        names = [field.attname for field in meta.concrete_fields]
        for row in every(model).values(*names):
            key = meta.label_lower, row[meta.pk.attname]
            found[key] = {name: _whole_second(value) for name, value in row.items()}
        for relation in meta.local_many_to_many:
            _add_links(found, model, relation)
    return found


def _whole_second(value: Any) -> Any:
    """Drop what the admin's inputs cannot show, and lose when saved."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def _add_links(found: Rows, model: type[models.Model], relation: Any) -> None:
    for row in _rows_of_table(found, model):
        row[relation.name] = []
    through = relation.remote_field.through
    own = through._meta.get_field(relation.m2m_field_name()).attname
    other = through._meta.get_field(relation.m2m_reverse_field_name()).attname
    links = every(through).order_by(other)
    for link in links.values_list(own, other):
        found[model._meta.label_lower, link[0]][relation.name].append(link[1])


def _rows_of_table(found: Rows, model: type[models.Model]) -> list[dict[str, Any]]:
    label = model._meta.label_lower
    return [row for (table, _key), row in found.items() if table == label]


def changes_between(before: Rows, after: Rows, chosen: ModelSet) -> Changes:
    """Return what differs; new rows by a number instead of a key."""
    names = _names_of_new(before, after)
    changed = {
        str(names.get(key, key)): _named(
            key[0], row, names, chosen, new=key not in before
        )
        for key, row in after.items()
        if _differs(before.get(key), row, chosen.meta(key[0]))
    }
    gone = {str(key): "gone" for key in before.keys() - after.keys()}
    return changed | gone


def _differs(old: dict[str, Any] | None, new: dict[str, Any], meta: Any) -> bool:
    """Say whether more than the time of saving differs.

    The admin saves a form in which nothing was changed; the tools leave it.
    """
    if old is None:
        return True
    different = {name for name, value in new.items() if old[name] != value}
    return any(
        not getattr(meta.get_field(name), "auto_now", False) for name in different
    )


def _names_of_new(before: Rows, after: Rows) -> dict[Key, Key]:
    """Return a name for each new row that does not depend on the sequence."""
    names: dict[Key, Key] = {}
    counts: dict[str, int] = {}
    for table, key in sorted(after.keys() - before.keys(), key=str):
        counts[table] = counts.get(table, 0) + 1
        names[table, key] = (table, f"new {counts[table]}")
    return names


def _named(
    table: str,
    row: dict[str, Any],
    names: dict[Key, Key],
    chosen: ModelSet,
    *,
    new: bool,
) -> dict[str, Any]:
    """Return the row with the names of new rows, and without what chance decides."""
    meta = chosen.meta(table)
    shown: dict[str, Any] = {}
    for name, value in row.items():
        field: Any = meta.get_field(name)
        related = field.related_model._meta.label_lower if field.is_relation else table
        if f"{table}.{name}" in chosen.random_columns and new:
            continue
        keys = value if isinstance(value, list) else [value]
        mapped = [
            names[related, one][1] if (related, one) in names else one
            for one in (keys if field.is_relation or field.primary_key else [])
        ]
        is_key = field.is_relation or field.primary_key
        shown[name] = (
            (mapped if isinstance(value, list) else mapped[0]) if is_key else value
        )
    return shown


def history_since(last: int, before: Rows) -> list[tuple[Any, ...]]:
    """Return the entries after `last`, as people read them, without our addition."""
    known = {(table, str(key)) for table, key in before}
    return sorted(
        (
            entry.user_id,
            _label_of(entry),
            entry.object_id if _is_known(entry, known) else "new",
            entry.action_flag,
            _without_client(entry.get_change_message()),
        )
        for entry in LogEntry.objects.filter(pk__gt=last).select_related("content_type")
        if not _says_nothing(entry) and not _is_ours(entry)
    )


def _is_known(entry: LogEntry, known: set[tuple[str, str]]) -> bool:
    return (_label_of(entry), str(entry.object_id)) in known


def _is_ours(entry: LogEntry) -> bool:
    """Say whether it notes an action that itself notes nothing, with its label."""
    return entry.get_change_message().startswith(OUR_LABELS)


def _label_of(entry: LogEntry) -> str:
    kind = entry.content_type
    return f"{kind.app_label}.{kind.model}" if kind else ""


def _says_nothing(entry: LogEntry) -> bool:
    """Say whether the admin noted that somebody pressed Save and changed nothing."""
    return entry.get_change_message() == "No fields changed."


def _without_client(message: str) -> str:
    """Return the message without "Via (client)."."""
    before, via, _client = message.rpartition("Via ")
    return before.strip() if via else message


def last_entry() -> int:
    newest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
