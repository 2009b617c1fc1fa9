"""The panel's AdminSite: its menu, its words and its welcome page."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from panel.menu import arrange_apps, build_menu
from panel.welcome import welcome_context


class PanelAdminSite(admin.AdminSite):
    site_header = "Harbour & Pine"
    site_title = "Harbour & Pine"
    index_title = _("Welcome")
    index_template = "panel/welcome.html"
    login_template = "panel/login.html"
    site_url = None  # there is no shop front to view

    def get_app_list(
        self, request: Any, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return what the viewer may see, in the menu's order and words."""
        return arrange_apps(super().get_app_list(request, app_label))

    def each_context(self, request: Any) -> dict[str, Any]:
        context = super().each_context(request)
        apps = context["available_apps"]
        return {**context, "menu": build_menu(apps, path=request.path)}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = welcome_context(self, request) | (extra_context or {})
        return super().index(request, context)


site = cast("PanelAdminSite", admin.site)
"""The site itself: `panel.apps.PanelAdminConfig` makes it Django's default one."""
