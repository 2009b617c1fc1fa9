"""Lead each staff user from the app list of any AdminSite to Account Setting."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.links import account_url
from agent_connector.models import MCPUser
from agent_connector.policy.site import section_name

LABEL = MCPUser._meta.app_label
LISTS = ("available_apps", "app_list")
"""What the admin's sidebar shows, and its index."""


def with_own_entry(
    context: dict[str, Any], site: AdminSite, *, is_index: bool
) -> dict[str, Any]:
    """Return a page's context with the entry in its lists, for whoever may sign in.

    Our models' permissions play no part: everybody has an own account. Nothing happens
    where our screens are not on this AdminSite.
    """
    if not context.get("has_permission"):
        return context
    try:
        url = account_url(site.name)
    except NoReverseMatch:
        return context
    whole = LISTS if is_index else LISTS[:1]
    lists = {
        name: _with_entry(context[name], site, url=url)
        for name in whole
        if isinstance(context.get(name), list)
    }
    return {**context, **lists}


def _with_entry(
    apps: list[dict[str, Any]], site: AdminSite, *, url: str
) -> list[dict[str, Any]]:
    entry = {
        "model": MCPUser,
        "name": _("Account Setting"),
        "object_name": "AccountSetting",
        "perms": {"add": False, "change": False, "delete": False, "view": True},
        "admin_url": url,
        "add_url": None,
        "view_only": True,
    }
    if any(app["app_label"] == LABEL for app in apps):
        return [
            {**app, "models": [*app["models"], entry]}
            if app["app_label"] == LABEL
            else app
            for app in apps
        ]
    ours = {
        "name": section_name(site),
        "app_label": LABEL,
        "app_url": url,  # the app's own page is only for whoever may see its lists
        "has_module_perms": True,
        "models": [entry],
    }
    return [*apps, ours]
