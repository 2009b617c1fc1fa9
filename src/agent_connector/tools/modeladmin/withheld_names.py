"""Which names in an agent's arguments hold what the site hides from agents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.apps import apps

from agent_connector.policy.agent_access import (
    AgentAccess,
    access_to,
    declared_by,
    together,
)
from agent_connector.tools.modeladmin.links import admin_site
from agent_connector.tools.modeladmin.masked import inlines_of
from agent_connector.tools.modeladmin.paths import hidden_behind, reaches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model

    from agent_connector.policy.caller import Caller


def withheld_in(caller: Caller, label: str) -> Callable[[str], bool]:
    """Return what says whether a name leads to something hidden of the model `label`.

    Of its page's rows as well. Agents are told of nothing hidden, but a person may tell
    them, and what they try then is on the record.
    """
    return partial(_is_withheld, caller, label)


def _is_withheld(caller: Caller, label: str, name: str) -> bool:
    behind = partial(hidden_behind, caller=caller)
    return any(
        reaches(model, name, hidden=frozenset(access.hidden_fields), behind=behind)
        for model, access in _on_page(label, caller)
    )


def _on_page(label: str, caller: Caller) -> Iterator[tuple[type[Model], AgentAccess]]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return
    site = admin_site()
    yield model, access_to(model, site=site)
    if not site.is_registered(model):
        return
    for inline in inlines_of(site.get_model_admin(model), caller):
        access = together(declared_by(inline), access_to(inline.model, site=site))
        yield inline.model, access
