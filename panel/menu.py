"""The panel's menu of three levels, made from what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

SYSTEM = _("System")

PLACES: dict[str, tuple[Text, Text]] = {
    "agent_connector": (SYSTEM, _("AI Agent Connector")),
    "auth": (SYSTEM, _("Permissions")),
}
"""Where an app stands that is no top-level group: the group and its section."""

ORDER = {
    name: position
    for position, name in enumerate(
        [
            "shop.product",
            "shop.order",
            "shop.customer",
            "shop.category",
            "shop.coupon",
            "agent_connector.mcpuser",
            "agent_connector.toolcall",
            "agent_connector.client",
            "agent_connector.connectorsettings",
            "auth.user",
            "auth.group",
        ]
    )
}

APP_ORDER = ("shop", "agent_connector", "auth")

ICONS = {
    "shop.product": "box",
    "shop.order": "cart",
    "shop.customer": "people",
    "shop.category": "layers",
    "shop.coupon": "ticket",
    "agent_connector.mcpuser": "plug",
    "agent_connector.toolcall": "pulse",
    "agent_connector.client": "window",
    "agent_connector.connectorsettings": "sliders",
    "auth.user": "person",
    "auth.group": "shield",
}

DEFAULT_ICON = "dot"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """A link of the menu. `key` is `app_label.model_name`."""

    key: str
    label: str
    url: str
    icon: str
    is_current: bool
    is_here: bool
    """Whether the page shown is the very page that this link leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuSection:
    """The second level of a group that has three."""

    label: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuGroup:
    """A top-level group: links of its own, or sections of links."""

    label: str
    items: tuple[MenuItem, ...] = ()
    sections: tuple[MenuSection, ...] = ()


def model_key(app: dict[str, Any], model: dict[str, Any]) -> str:
    return f"{app['app_label']}.{model['object_name'].lower()}"


def arrange_apps(app_list: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return Django's app list in the menu's order."""
    known = {label: position for position, label in enumerate(APP_ORDER)}
    arranged = [_arrange_app(app) for app in app_list]
    return sorted(arranged, key=lambda app: known.get(app["app_label"], len(known)))


def _arrange_app(app: dict[str, Any]) -> dict[str, Any]:
    models = sorted(
        app["models"],
        key=lambda model: ORDER.get(model_key(app, model), len(ORDER)),
    )
    return {**app, "models": models}


def build_menu(app_list: Sequence[dict[str, Any]], *, path: str) -> list[MenuGroup]:
    """Return the groups of the menu for the page at `path`."""
    groups: dict[str, MenuGroup] = {}
    for app in arrange_apps(app_list):
        items = _items_of(app, path=path)
        if not items:
            continue
        place = PLACES.get(app["app_label"])
        label = str(place[0] if place else app["name"])
        group = groups.get(label, MenuGroup(label=label))
        groups[label] = (
            _add_section(group, label=str(place[1]), items=items)
            if place
            else MenuGroup(
                label=label, items=group.items + items, sections=group.sections
            )
        )
    return list(groups.values())


def _add_section(
    group: MenuGroup, *, label: str, items: tuple[MenuItem, ...]
) -> MenuGroup:
    section = MenuSection(label=label, items=items)
    return MenuGroup(
        label=group.label, items=group.items, sections=(*group.sections, section)
    )


def _items_of(app: dict[str, Any], *, path: str) -> tuple[MenuItem, ...]:
    items = []
    for model in app["models"]:
        url, key = model.get("admin_url"), model_key(app, model)
        if url:
            items.append(
                MenuItem(
                    key=key,
                    label=str(model["name"]),
                    url=url,
                    icon=ICONS.get(key, DEFAULT_ICON),
                    is_current=path.startswith(url),
                    is_here=path == url,
                )
            )
    return tuple(items)
