"""The tab strip on the host's own edit page of a user."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch

from agent_connector.admin.links import screen_url
from agent_connector.policy.administration import may_view_users
from agent_connector.policy.staff import listed_users

TEMPLATE = "agent_connector/admin/tab_on_user_page.html"
MARK = "aac_info_url"


def add_tab(
    request: HttpRequest, response: HttpResponseBase, *, site_name: str
) -> None:
    """Let the page show the tabs User Info and MCP Info above what it shows.

    The template that the host's admin chose stays what it is: ours extends that very
    template. Nothing happens where the page is no edit page of a user with the tab, or
    has the tab already.
    """
    if not isinstance(response, TemplateResponse):
        return
    context = response.context_data or {}
    user = context.get("original")
    if context.get("is_popup") or MARK in context:
        return
    if not isinstance(user, get_user_model()) or not _has_tab(request, user):
        return
    try:
        url = screen_url(site_name, "info", user.pk)
    except NoReverseMatch:
        return  # our screens are not on this AdminSite
    host_template = response.resolve_template(response.template_name)
    response.context_data = {
        **context,
        MARK: url,
        "aac_host_template": host_template,
    }
    response.template_name = TEMPLATE


def _has_tab(request: HttpRequest, user: Any) -> bool:
    """Say whether this user has the tab and this viewer may open it."""
    if not may_view_users(request.user).allowed:
        return False
    return listed_users().filter(pk=user.pk).exists()


class MCPInfoTabMixin:
    """For the host's UserAdmin: shows the tab without the middleware."""

    def render_change_form(self, request: Any, *args: Any, **options: Any) -> Any:
        response = super().render_change_form(  # type: ignore[misc]  # mixed in
            request, *args, **options
        )
        site = self.admin_site  # type: ignore[attr-defined]  # mixed into a ModelAdmin
        add_tab(request, response, site_name=site.name)
        return response
