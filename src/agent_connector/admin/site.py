"""Our screens and words on an AdminSite."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.client_list import ClientAdmin
from agent_connector.admin.mcp_users import MCPUserAdmin
from agent_connector.admin.settings import ConnectorSettingsAdmin
from agent_connector.admin.tool_calls import ToolCallAdmin
from agent_connector.models import Client, ConnectorSettings, MCPUser, ToolCall

SECTIONS = {
    "agent_connector": _("System › AI Agent Connector"),  # noqa: RUF001  # menu arrow
    "auth": _("System › Permissions"),  # noqa: RUF001  # menu arrow
}
"""What the app list calls these apps."""


SCREENS: dict[type[Model], type[ModelAdmin]] = {
    MCPUser: MCPUserAdmin,
    ToolCall: ToolCallAdmin,
    Client: ClientAdmin,
    ConnectorSettings: ConnectorSettingsAdmin,
}
"""Each list of the app's section, in the menu's order."""


def register_screens(site: AdminSite) -> None:
    """Put MCP Users, Tool Calls, Clients and Settings on `site`, once."""
    for model, model_admin in SCREENS.items():
        if not site.is_registered(model):
            site.register(model, model_admin)


class ConnectorSiteMixin:
    """For an AdminSite: has our screens, and the full wording in its app list.

    Only the list is reworded: other apps' models keep their own names.
    """

    agent_connector_section = SECTIONS["agent_connector"]

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
    order = list(SCREENS)
    models = [
        {**entry, "name": words.get(entry["model"], entry["name"])}
        for entry in app["models"]
    ]
    if app["app_label"] == "agent_connector":
        models.sort(key=lambda entry: order.index(entry["model"]))
    name = SECTIONS.get(app["app_label"], app["name"])
    return {**app, "name": name, "models": models}
