"""The way from the welcome page to the page shown, in the menu's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.db.models.options import Options
from django.urls import reverse
from django.utils.text import Truncator, capfirst

from panel.menu import PLACES, MenuGroup, MenuItem

NAME_CHARACTERS = 40
"""A longer name of an object is cut in the breadcrumbs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One step; without `url` it is plain text."""

    label: str
    url: str = ""


def find_item(menu: Sequence[MenuGroup], *, key: str) -> MenuItem | None:
    """Return the menu's link to the model `key`, if the viewer has one."""
    for group in menu:
        for items in (group.items, *(section.items for section in group.sections)):
            for item in items:
                if item.key == key:
                    return item
    return None


def trail_of(
    options: Options[Any],
    *,
    menu: Sequence[MenuGroup],
    shown: Model | None,
    title: str,
    is_list: bool,
) -> list[Crumb]:
    """Return the steps to a page of the model with `options`; the last one is the page.

    `shown` is the object that the page is about. `title` names what a page below the
    list or below the object does with it.
    """
    key = f"{options.app_label}.{options.model_name}"
    item = find_item(menu, key=key)
    steps = [Crumb(label=label) for label in _places_of(options)]
    label = item.label if item else capfirst(str(options.verbose_name_plural))
    if is_list:
        return [*steps, Crumb(label=label)]
    steps.append(Crumb(label=label, url=item.url if item else ""))
    if shown is None:
        return [*steps, Crumb(label=title)]
    name = Truncator(name_of(shown)).chars(NAME_CHARACTERS)
    if not title:
        return [*steps, Crumb(label=name)]
    return [
        *steps,
        Crumb(label=name, url=_change_url(options, shown)),
        Crumb(label=title),
    ]


def name_of(shown: Model) -> str:
    """Return what people call it; of a user the full name, as our own pages do."""
    full_name = shown.get_full_name() if hasattr(shown, "get_full_name") else ""
    return str(full_name or shown)


def _places_of(options: Options[Any]) -> list[str]:
    place = PLACES.get(options.app_label)
    if place:
        return [str(word) for word in place]
    return [str(options.app_config.verbose_name)]


def _change_url(options: Options[Any], shown: Model) -> str:
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return reverse(name, args=[quote(shown.pk)])
