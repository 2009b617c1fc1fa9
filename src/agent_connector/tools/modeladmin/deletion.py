"""What deleting records would take along, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import NestedObjects
from django.db import router

from agent_connector.policy.agent_access import access_to
from agent_connector.tools.confirmation import Act
from agent_connector.tools.definition import ToolRefused
from agent_connector.tools.modeladmin.chosen import stamp_of, versions_of
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.narrowed import read_only_refusal
from agent_connector.tools.modeladmin.open_models import is_open_to
from agent_connector.tools.modeladmin.permission import permission_to
from agent_connector.tools.modeladmin.values import (
    MORE,
    SHORT_TEXT_CHARACTERS,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.tools.modeladmin.request import AdminRequest

MAX_LINES = 100
WITHHELD = "[withheld]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What the admin's confirmation page says."""

    act: Act
    tree: list[Any]
    """Every record, each followed by the list of those that go with it."""

    counts: dict[str, int]
    """How many records of which kind."""

    missing: list[str]
    """The permissions that the user lacks."""

    protected: list[str]
    """The records that still need one of these."""


def plan_deletion(
    model_admin: ModelAdmin, request: AdminRequest, records: Sequence[Model]
) -> Deletion:
    """Ask the admin what it would delete.

    Raises:
        ToolRefused: records would go, too, of a model that is withheld from agents or
            that they may only read.
    """
    versions = versions_of(records)
    arguments = {"model": model_admin.opts.label_lower, "ids": sorted(versions)}
    if not all(model_admin.has_delete_permission(request, one) for one in records):
        # The admin does not show such a user its page, nor what would go along.
        return Deletion(
            act=Act(what="delete", arguments=arguments, version=""),
            tree=[],
            counts={},
            missing=[permission_to("delete", model_admin.opts)],
            protected=[],
        )
    found = NestedObjects(using=router.db_for_write(model_admin.model))
    found.collect(records)
    # Rows that only tie records together go with either of them.
    going: Any = found.model_objs  # by class; the stubs say by name
    taken = [one for one in going if not one._meta.auto_created]
    _require_open(request, taken, act="delete")
    _require_open(request, _untied(found), act="change")
    tree, counts, lacking, protected = model_admin.get_deleted_objects(records, request)
    missing = _codenames({str(name) for name in lacking}, taken)
    hidden = not all(is_open_to(request.caller, type(one)) for one in found.protected)
    counted = {str(kind): number for kind, number in dict(counts).items()}
    return Deletion(
        act=Act(
            what="delete",
            arguments=arguments,
            version=stamp_of(
                sorted(versions.items()), sorted(counted.items()), _keys_of(going)
            ),
        ),
        tree=_plain(tree, room=[MAX_LINES]),
        counts=counted,
        missing=sorted(missing),
        protected=[WITHHELD] if hidden else _plain(protected, room=[MAX_LINES]),
    )


def _untied(found: NestedObjects) -> list[type[Model]]:
    """Return the models of which records stay and lose what ties them to these.

    `SET_NULL`, `SET_DEFAULT` and the like change them, which no page tells.
    """
    updates: Any = found.field_updates
    return [
        field.model
        for (field, _value), lots in updates.items()
        if any(lot.exists() if hasattr(lot, "exists") else lot for lot in lots)
    ]


def _keys_of(going: Mapping[type[Model], Iterable[Model]]) -> list[Any]:
    """Return exactly what goes, so that others in the same number are not the same."""
    return sorted(
        (model._meta.label_lower, sorted(str(one.pk) for one in rows))
        for model, rows in going.items()
    )


def _require_open(
    request: AdminRequest, models: Iterable[type[Model]], *, act: str
) -> None:
    """Raise where records would be touched that agents may not know, or only read."""
    for model in models:
        if not is_open_to(request.caller, model):
            raise ToolRefused(
                f"This would also {act} records of a kind that is withheld from"
                " agents.",
                code="permission_missing",
                following="A person can do it in the admin.",
                reason="model is withheld",
            )
        if access_to(model, site=admin_site()).read_only:
            raise read_only_refusal(model._meta.verbose_name_plural)


def _codenames(names: set[str], models: Iterable[type[Model]]) -> set[str]:
    """Return the permissions for kinds of records, as far as the kind is known."""
    kinds = (model._meta for model in models)
    known = {str(meta.verbose_name): permission_to("delete", meta) for meta in kinds}
    return {known.get(name, name) for name in names}


def _plain(tree: Iterable[Any], *, room: list[int]) -> list[Any]:
    """Return nested lines of the page as plain text, as many as there is room for."""
    lines: list[Any] = []
    for item in tree:
        if room[0] <= 0:
            return [*lines, MORE]
        if isinstance(item, (list, tuple)):
            lines.append(_plain(item, room=room))
        else:
            room[0] -= 1
            lines.append(text(item, limit=SHORT_TEXT_CHARACTERS))
    return lines
