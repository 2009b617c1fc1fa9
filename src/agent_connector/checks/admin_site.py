"""Check that the AdminSite of the settings is the one that the site shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.module_loading import import_string

from agent_connector.conf import get_conf


def check_admin_site(**_: Any) -> list[checks.CheckMessage]:
    """Screens on an AdminSite that nobody can open look as if they were missing."""
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    given = get_conf().admin_site
    if _is_shown(import_string(given)):
        return []
    return [
        checks.Warning(
            f"The AdminSite {given} is not in the URLconf: its MCP Users cannot be"
            " opened, and agents would see its models.",
            hint="Name the AdminSite that your urls.py includes:"
            ' AGENT_CONNECTOR = {…, "ADMIN_SITE": "path.to.site"}',
            id="agent_connector.W003",
        )
    ]


def _is_shown(site: Any) -> bool:
    """Say whether the address of this site's index leads to it, not to another."""
    try:
        index = resolve(reverse("admin:index", current_app=site.name)).func
    except (NoReverseMatch, Resolver404):
        return False
    # `AdminSite.get_urls` leaves itself on each view. The default one is lazy, and
    # only `==` looks through it.
    return bool(getattr(index, "admin_site", site) == site)
