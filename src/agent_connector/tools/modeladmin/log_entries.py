"""The admin's history of what its user may see: records that are there and visible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from agent_connector.audit.behind import calls_behind
from agent_connector.policy.exposure import label_of
from agent_connector.policy.staff import name_of
from agent_connector.tools.modeladmin.change_message import (
    message_of,
    shown_inline_names,
)
from agent_connector.tools.modeladmin.hidden_labels import hidden_labels
from agent_connector.tools.modeladmin.keys import possible_keys
from agent_connector.tools.modeladmin.links import record_path, site_of
from agent_connector.tools.modeladmin.values import (
    SHORT_TEXT_CHARACTERS,
    plain,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin import ModelAdmin
    from django.db.models import Manager, Model, QuerySet

    from agent_connector.tools.modeladmin.request import AdminRequest

BATCH = 100
MAX_BATCHES = 10
"""Where few of a model's records are visible, a call stops here and leads on."""


class HistoryEntry(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line of a History page, with the record that it is about."""

    at: str
    who: str
    what: str
    model: str
    id: str
    label: str
    url: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some entries, the newest first; `following` leads on to older ones."""

    entries: list[HistoryEntry]
    following: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lot:
    """What is known of the entries of one model."""

    model_admin: ModelAdmin
    seen: dict[str, Model]
    gone: set[str]
    inlines: frozenset[str]
    hidden_words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Whose history is asked for: records of these admins, or one record."""

    request: AdminRequest
    admins: list[ModelAdmin]
    record: Model | None = None
    only_mine: bool = False

    def read(self, *, limit: int, after: str = "") -> Part:
        """Return up to `limit` entries that are older than the position `after`."""
        shown: list[tuple[str, HistoryEntry]] = []
        place = after
        for _batch in range(MAX_BATCHES):
            entries = list(_older(self._entries(), place)[:BATCH])
            for entry, told in self._told(entries):
                if len(shown) == limit:
                    return _part(shown, following=shown[-1][0])
                shown.append((_place_of(entry), told))
            if len(entries) < BATCH:
                return _part(shown)
            place = _place_of(entries[-1])
        return _part(shown, following=place)

    def _entries(self) -> QuerySet[LogEntry]:
        entries = LogEntry.objects.filter(content_type__in=self._admins_by_type())
        if self.record is not None:
            entries = entries.filter(object_id=str(self.record.pk))
        if self.only_mine:
            entries = entries.filter(user=self.request.caller.user)
        return entries.select_related("user").order_by("-action_time", "-pk")

    def _admins_by_type(self) -> dict[int | None, ModelAdmin]:
        models = {admin.model: admin for admin in self.admins}
        types = ContentType.objects.get_for_models(
            *models,
            for_concrete_models=False,  # as the History page asks
        )
        return {found.pk: models[model] for model, found in types.items()}

    def _told(self, entries: list[LogEntry]) -> Iterator[tuple[LogEntry, HistoryEntry]]:
        keys: dict[int | None, set[str]] = {}
        for entry in entries:
            keys.setdefault(entry.content_type_id, set()).add(str(entry.object_id))
        admins = self._admins_by_type()
        lots = {
            pk: self._lot(admin, keys[pk]) for pk, admin in admins.items() if pk in keys
        }
        calls = calls_behind(entries)
        for entry in entries:
            lot = lots[entry.content_type_id]
            key = str(entry.object_id)
            if key in lot.seen or key in lot.gone:
                via = calls[entry.pk].client_name if entry.pk in calls else ""
                yield entry, self._entry(entry, lot, lot.seen.get(key), via=via)

    def _lot(self, model_admin: ModelAdmin, keys: set[str]) -> _Lot:
        seen = self._visible(model_admin, keys)
        return _Lot(
            model_admin=model_admin,
            seen=seen,
            gone=self._gone(model_admin, keys - seen.keys()),
            inlines=shown_inline_names(model_admin, self.request, self.record),
            hidden_words=hidden_labels(model_admin, self.request, self.record),
        )

    def _visible(self, model_admin: ModelAdmin, keys: set[str]) -> dict[str, Model]:
        """Return the records that the user may see, by the key of their entries."""
        if self.record is not None:
            return {str(self.record.pk): self.record}
        rows = model_admin.get_queryset(self.request)
        return {
            str(record.pk): record
            for record in rows.filter(pk__in=possible_keys(model_admin.opts.pk, keys))
            if model_admin.has_view_or_change_permission(self.request, record)
        }

    def _gone(self, model_admin: ModelAdmin, keys: set[str]) -> set[str]:
        """Return the keys of records that were deleted, which only their user is told.

        Nobody can say any more whether another user would have been shown them.
        """
        if not self.only_mine or not keys:
            return set()
        every: Manager = model_admin.model._base_manager  # noqa: SLF001  # documented
        left = every.filter(pk__in=possible_keys(model_admin.opts.pk, keys))
        return keys - {str(pk) for pk in left.values_list("pk", flat=True)}

    def _entry(
        self, entry: LogEntry, lot: _Lot, record: Model | None, *, via: str
    ) -> HistoryEntry:
        told = message_of(
            entry, shown_inlines=lot.inlines, hidden_words=lot.hidden_words
        )
        label = entry.object_repr if record is None else str(record)
        url = ""
        if record is not None:
            url = site_of(self.request.caller) + record_path(lot.model_admin, record.pk)
        return HistoryEntry(
            at=plain(entry.action_time, limit=SHORT_TEXT_CHARACTERS),
            who=name_of(entry.user),
            what=told,
            model=label_of(lot.model_admin.model),
            id=str(entry.object_id),
            label=text(label, limit=SHORT_TEXT_CHARACTERS),
            url=url,
            via=via,
        )


def _part(shown: list[tuple[str, HistoryEntry]], *, following: str = "") -> Part:
    return Part(entries=[told for _, told in shown], following=following)


def _older(entries: QuerySet[LogEntry], place: str) -> QuerySet[LogEntry]:
    if not place:
        return entries
    moment, _, pk = place.rpartition("_")
    at = datetime.fromisoformat(moment)
    return entries.filter(Q(action_time__lt=at) | Q(action_time=at, pk__lt=int(pk)))


def _place_of(entry: LogEntry) -> str:
    return f"{entry.action_time.isoformat()}_{entry.pk}"
