"""Check that the MCP Info tab can get into the host's user page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.utils.module_loading import import_string

from agent_connector.admin.user_tab import MCPInfoTabMixin
from agent_connector.conf import get_conf

MIDDLEWARE = "agent_connector.admin.middleware.MCPInfoTabMiddleware"


def check_tab(**_: Any) -> list[checks.CheckMessage]:
    """One of the two ways has to be taken, where users are edited in the admin."""
    if MIDDLEWARE in settings.MIDDLEWARE:
        return []
    site = import_string(get_conf().admin_site)
    model = get_user_model()
    if not site.is_registered(model):
        return []
    if isinstance(site.get_model_admin(model), MCPInfoTabMixin):
        return []
    return [
        checks.Warning(
            "The MCP Info tab does not show on the edit page of users.",
            hint=f'Add to MIDDLEWARE, after AuthenticationMiddleware: "{MIDDLEWARE}",'
            " or let your UserAdmin inherit"
            " agent_connector.admin.user_tab.MCPInfoTabMixin.",
            id="agent_connector.W001",
        )
    ]
