"""How a site narrows what agents meet of one model: on its admin, and in settings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent_connector.conf import get_conf
from agent_connector.policy.exposure import is_named_in, kin_of

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.contrib.admin.options import BaseModelAdmin
    from django.db import models

ATTRIBUTE = "agent_access"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAccess:
    """Put on a ModelAdmin or inline as `agent_access`. It only ever takes away.

    What an admin declares holds for its model, and for the proxies and children of
    that model, whose rows are the same.
    """

    hidden: bool = False
    """Agents are not told that there is such a model."""

    read_only: bool = False
    """Agents may read; no tool adds, changes, deletes or runs an action."""

    hidden_fields: Collection[str] = ()
    """Names of fields, columns and methods that agents neither see nor set, nor use to
    search, filter or sort."""


NOTHING_DECLARED = AgentAccess()
_UNREADABLE = AgentAccess(hidden=True)
"""For an `agent_access` of another type, which the system check names."""


def declared_by(admin: BaseModelAdmin[Any]) -> AgentAccess:
    """Return what this admin or inline itself declares."""
    declared = getattr(admin, ATTRIBUTE, NOTHING_DECLARED)
    return declared if isinstance(declared, AgentAccess) else _UNREADABLE


def access_to(model: type[models.Model], *, site: AdminSite) -> AgentAccess:
    """Return what code and settings together leave of this model."""
    conf = get_conf()
    kin = kin_of(model)
    return together(
        AgentAccess(
            hidden=is_named_in(conf.hidden_models, kin),
            read_only=is_named_in(conf.read_only_models, kin),
        ),
        *(
            declared_by(site.get_model_admin(one))
            for one in kin
            if site.is_registered(one)
        ),
    )


def together(*declared: AgentAccess) -> AgentAccess:
    """Return what all of them leave."""
    return AgentAccess(
        hidden=any(one.hidden for one in declared),
        read_only=any(one.read_only for one in declared),
        hidden_fields=frozenset().union(*map(_names_of, declared)),
    )


def _names_of(declared: AgentAccess) -> set[str]:
    """Return the names; one that somebody forgot to put into a tuple counts as one."""
    names = declared.hidden_fields
    return {names} if isinstance(names, str) else set(names)
