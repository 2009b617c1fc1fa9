"""The panel's AdminSite: its menu, its words and its welcome page."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.site import ConnectorSiteMixin
from panel.menu import arrange_apps, build_menu
from panel.welcome import welcome_context

OWN_SCREENS = ("agent_connector_mcpuser_account", "agent_connector_mcpuser_personal")
"""What is reached through the user's own name at the top right, not through the menu."""

TABS = {
    "agent_connector_mcpuser_info": "admin:auth_user_changelist",
    "agent_connector_mcpuser_role": "admin:auth_group_changelist",
}
"""Screens that are tabs of a page of another list, which is the current one."""


class PanelAdminSite(ConnectorSiteMixin, admin.AdminSite):
    site_header = "Harbour & Pine"
    site_title = "Harbour & Pine"
    index_title = _("Welcome")
    index_template = "panel/welcome.html"
    login_template = "panel/login.html"
    logout_template = "panel/signed_out.html"
    site_url = None  # there is no shop front to view

    def get_app_list(
        self, request: Any, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return what the viewer may see, in the menu's order."""
        return arrange_apps(super().get_app_list(request, app_label))

    def each_context(self, request: Any) -> dict[str, Any]:
        context = super().each_context(request)
        menu = build_menu(context["available_apps"], path=_path_in_menu(request))
        return {**context, "menu": menu}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = welcome_context(self, request) | (extra_context or {})
        return super().index(request, context)

    def app_index(  # type: ignore[override]  # any response will do
        self,
        request: HttpRequest,
        app_label: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseRedirect:
        """Lead to the first screen of the app: the menu beside it lists the others."""
        del extra_context
        for app in self.get_app_list(request, app_label):
            for model in app["models"]:
                if url := model.get("admin_url"):
                    return HttpResponseRedirect(url)
        raise Http404


def _path_in_menu(request: HttpRequest) -> str:
    """Return the path whose menu entry is the current one.

    Four screens lie below MCP Users and are reached from elsewhere: Account Setting
    through the user's own name, the form for an own token from there, MCP Info as a tab
    of the user's edit page and MCP as one of the role's.
    """
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    if name in OWN_SCREENS:
        return ""
    if name in TABS:
        return reverse(TABS[name], current_app=site.name) + "…"
    return request.path


site = cast("PanelAdminSite", admin.site)
"""The site itself: `panel.apps.PanelAdminConfig` makes it Django's default one."""
