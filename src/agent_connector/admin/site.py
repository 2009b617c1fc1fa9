"""Our screens and words on an AdminSite."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.mcp_users import MCPUserAdmin
from agent_connector.models import MCPUser

SECTIONS = {
    "agent_connector": _("System › AI Agent Connector"),  # noqa: RUF001  # menu arrow
    "auth": _("System › Permissions"),  # noqa: RUF001  # menu arrow
}
"""What the app list calls these apps."""


def register_screens(site: AdminSite) -> None:
    """Put MCP Users and the screens below it on `site`, once."""
    if not site.is_registered(MCPUser):
        site.register(MCPUser, MCPUserAdmin)


class ConnectorSiteMixin:
    """For an AdminSite: has our screens, and the full wording in its app list.

    Only the list is reworded: other apps' models keep their own names.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        register_screens(self)  # type: ignore[arg-type]  # mixed into an AdminSite

    def get_app_list(
        self, request: Any, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)  # type: ignore[misc]  # mixin
        return [_reworded(app) for app in apps]


def _reworded(app: dict[str, Any]) -> dict[str, Any]:
    words = {get_user_model(): _("All Users"), Group: _("User Roles")}
    models = [
        {**entry, "name": words.get(entry["model"], entry["name"])}
        for entry in app["models"]
    ]
    name = SECTIONS.get(app["app_label"], app["name"])
    return {**app, "name": name, "models": models}
