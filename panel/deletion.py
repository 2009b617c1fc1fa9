"""What the pages that ask before something is deleted say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext as _

from panel.breadcrumbs import name_of

INNER = {
    "agent_connector.authorizationcode",
    "agent_connector.changedrecord",
    "agent_connector.mailbox",
    "agent_connector.mcpaccess",
    "agent_connector.notice",
    "agent_connector.rolepolicy",
    "agent_connector.token",
}
"""Models that no screen shows as such: their rows go along without being counted."""


def is_inner(model: type[Model]) -> bool:
    """Say whether people meet its rows as a part of others only."""
    return bool(model._meta.auto_created) or model._meta.label_lower in INNER


def figures(counts: Iterable[tuple[Any, int]]) -> list[tuple[str, int]]:
    """Return Django's counts by the models' names, without those of inner models."""
    models = apps.get_models(include_auto_created=True)
    inner = {str(one._meta.verbose_name_plural) for one in models if is_inner(one)}
    return [(str(name), count) for name, count in counts if str(name) not in inner]


def title_for(chosen: Collection[Model], *, kind: str, is_possible: bool) -> str:
    """Return the heading, which names what is deleted; `kind` is the model's word."""
    if len(chosen) == 1:
        [only] = chosen
        what = name_of(only)
    else:
        what = f"{len(chosen)} {kind}"
    text = _("Delete %(what)s") if is_possible else _("%(what)s cannot be deleted")
    return text % {"what": what}
