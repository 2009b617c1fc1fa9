"""Which levels a person may choose from at consent, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from agent_connector.models import Level
from agent_connector.policy.scopes import Scope, includes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the person may do in the admin: names of models, as the admin has them."""

    view: tuple[str, ...]
    change: tuple[str, ...]
    """Models of which records may be added or changed."""

    delete: tuple[str, ...]
    is_superuser: bool = False
    left_by_roles: frozenset[Scope] = frozenset(Scope)
    """The scopes of which the person's roles leave agents any tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One level as the page offers it."""

    level: Level
    explanation: StrOrPromise
    obstacle: StrOrPromise = ""
    """Why it cannot be chosen; "" when it can."""

    @property
    def is_open(self) -> bool:
        return not self.obstacle


_DAYS = (1, 7, 30, 90)
"""After which a person may let a connection end, as far as the site's maximum goes."""

_EXPLANATIONS = {
    Level.READ: _("Search and read the records that you can view."),
    Level.WRITE: _("Also add and change records, where you may."),
    Level.DELETE: _("Also delete records and run actions, where you may."),
}


def choices_for(*, asked: str, ceiling: str, reach: Reach) -> list[Choice]:
    """Return all levels, least first.

    `asked` is the widest scope that the client asks for, `ceiling` the widest level
    that administrators allow this person's clients.
    """
    return [
        Choice(
            level=level,
            explanation=_EXPLANATIONS[level],
            obstacle=_obstacle_to(level, asked=asked, ceiling=ceiling, reach=reach),
        )
        for level in Level
    ]


def lifetimes_within(longest: timedelta) -> dict[str, timedelta]:
    """Return what a form may send, and what it means; "" is the longest."""
    spans = {str(days): timedelta(days=days) for days in _DAYS}
    return {"": longest, **{text: s for text, s in spans.items() if s < longest}}


def open_level(chosen: str, *, choices: list[Choice]) -> Level | None:
    """Return the chosen level if the page offered it, else None."""
    return next(
        (one.level for one in choices if one.level == chosen and one.is_open), None
    )


def _obstacle_to(
    level: Level, *, asked: str, ceiling: str, reach: Reach
) -> StrOrPromise:
    """Return the first reason, in the order in which a person could remove it."""
    if not includes(ceiling, level):
        return _("An administrator limits what your clients may do.")
    if Scope(level) not in reach.left_by_roles:
        return _("A role of yours leaves AI clients no tool for this.")
    if level == Level.WRITE and not (reach.change or reach.is_superuser):
        return _("You may not add or change anything in this admin.")
    if level == Level.DELETE and not (reach.delete or reach.is_superuser):
        return _("You may not delete anything in this admin.")
    if not includes(asked, level):
        return _("The client did not ask for this.")
    return ""
