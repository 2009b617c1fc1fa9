"""The records that a deletion or an action is about, as the admin's list finds them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from agent_connector.tools.definition import Arguments, ToolFailed
from agent_connector.tools.modeladmin.changelist import (
    FilterValue,
    Question,
    build_changelist,
)
from agent_connector.tools.modeladmin.find import find_record
from agent_connector.tools.modeladmin.get_record import RecordId
from agent_connector.tools.modeladmin.links import list_path, record_path, site_of
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.save import every_row
from agent_connector.tools.modeladmin.sealed import seal
from agent_connector.tools.modeladmin.values import SHORT_TEXT_CHARACTERS, text
from agent_connector.tools.modeladmin.version import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model, QuerySet

    from agent_connector.policy.caller import Caller

MAX_IDS = 100
MAX_MATCHING = 1000
MAX_SHOWN = 20

Ids = Annotated[list[RecordId], msgspec.Meta(max_length=MAX_IDS)]


class AllMatching(Arguments, frozen=True, kw_only=True):
    query: Annotated[str, msgspec.Meta(max_length=500)] = ""
    filters: dict[str, FilterValue] = {}


Matching = Annotated[
    AllMatching | msgspec.UnsetType,
    msgspec.Meta(description="Instead of ids: all pages of such a search."),
]


class RecordShown(msgspec.Struct, frozen=True):
    id: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Exactly these records, and how they were named."""

    records: Sequence[Model]
    queryset: QuerySet
    """The list's own, narrowed to `records`."""

    arguments: dict[str, Any]
    """How they were named, in one spelling."""

    query: dict[str, Any]
    """What the address of the list carries."""

    @property
    def pks(self) -> list[str]:
        return [str(record.pk) for record in self.records]


def find_records(
    caller: Caller, model_admin: ModelAdmin, ids: Iterable[str | int]
) -> list[Model]:
    """Return the records, each once.

    Raises:
        ToolFailed: no id is given, or one is of no record that the user may view.
    """
    pks = dict.fromkeys(map(str, ids))
    if not pks or "" in pks:
        raise ToolFailed("`ids` or one of them is empty.", code="invalid_arguments")
    records = (
        find_record(
            model_admin, AdminRequest(caller, path=record_path(model_admin, pk)), pk
        )
        for pk in pks
    )
    # "1" and "01" are two spellings of one.
    return list({record.pk: record for record in records}.values())


def choose(
    caller: Caller,
    model_admin: ModelAdmin,
    *,
    ids: Sequence[str | int],
    all_matching: AllMatching | msgspec.UnsetType,
) -> Chosen:
    """Return what the list would hand to an action.

    Raises:
        ToolFailed: nothing is chosen, or too much, or a record is not on the list.
    """
    if isinstance(all_matching, AllMatching):
        if ids:
            raise ToolFailed(
                "Give either `ids` or `all_matching`.", code="invalid_arguments"
            )
        return _matching(caller, model_admin, all_matching)
    records = find_records(caller, model_admin, ids)
    pks = [record.pk for record in records]
    changelist, _page = build_changelist(caller, seal(model_admin), Question())
    queryset = changelist.queryset.filter(pk__in=pks)
    listed = list(queryset)
    if len({record.pk for record in listed}) < len(pks):
        raise ToolFailed(
            "Not all of these records are on the list as it opens.",
            code="not_found",
            following="Use `all_matching` with the filters that show them.",
        )
    return Chosen(
        records=listed,
        queryset=queryset,
        arguments={"ids": sorted(map(str, pks))},
        query={},
    )


def _matching(
    caller: Caller, model_admin: ModelAdmin, all_matching: AllMatching
) -> Chosen:
    changelist, records = build_changelist(
        caller,
        seal(model_admin, rows_per_page=MAX_MATCHING),
        Question(query=all_matching.query, filters=all_matching.filters),
    )
    count = changelist.result_count
    if count > MAX_MATCHING:
        raise ToolFailed(
            f"{count} records match; an action takes at most {MAX_MATCHING}.",
            code="invalid_arguments",
            following="Narrow `all_matching`.",
        )
    if not records:
        raise ToolFailed("No record matches.", code="not_found")
    return Chosen(
        records=records,
        queryset=changelist.queryset.filter(pk__in=[one.pk for one in records]),
        arguments={"all_matching": msgspec.to_builtins(all_matching)},
        query=dict(changelist.filter_params),
    )


def lock(model_admin: ModelAdmin, records: Iterable[Model]) -> None:
    """Let nobody else change these rows before the transaction ends."""
    rows = every_row(model_admin).filter(pk__in=[one.pk for one in records])
    # In one order, so that two calls do not wait for each other.
    list(rows.order_by("pk").select_for_update().values_list("pk"))


def versions_of(records: Iterable[Model]) -> dict[str, str]:
    """Return the version of each record by its id."""
    return {str(record.pk): version_of(record) for record in records}


def stamp_of(*facts: Any) -> str:
    """Return one short stamp of facts that `repr` tells apart."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def shown(
    caller: Caller, model_admin: ModelAdmin, records: Sequence[Model]
) -> list[RecordShown]:
    """Return the first of the records as people know them."""
    return [
        RecordShown(
            id=str(record.pk),
            label=text(str(record), limit=SHORT_TEXT_CHARACTERS),
            url=site_of(caller) + record_path(model_admin, record.pk),
        )
        for record in records[:MAX_SHOWN]
    ]


def list_request(
    caller: Caller, model_admin: ModelAdmin, *, form: Any = None
) -> AdminRequest:
    """Return a request of the list's page; with `form`, one that was sent there."""
    return AdminRequest(caller, path=list_path(model_admin), form=form)
