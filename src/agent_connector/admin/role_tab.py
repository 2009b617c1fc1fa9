"""The tab strip on the host's own edit page of a role."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch

from agent_connector.admin.links import role_url
from agent_connector.policy.administration import may_change_roles

TEMPLATE = "agent_connector/admin/tab_on_role_page.html"
PAGE = "auth_group_change"


def add_role_tab(
    request: HttpRequest, response: HttpResponseBase, *, site_name: str
) -> None:
    """Let the page show the tabs Role and MCP above what it shows.

    The template that the host's admin chose stays what it is: ours extends that very
    template.
    """
    if not isinstance(response, TemplateResponse):
        return
    context = response.context_data or {}
    role = context.get("original")
    if context.get("is_popup") or not isinstance(role, Group):
        return
    if not may_change_roles(request.user).allowed:
        return
    try:
        url = role_url(site_name, role.pk)
    except NoReverseMatch:
        return  # our screens are not on this AdminSite
    response.context_data = {
        **context,
        "aac_role_url": url,
        "aac_host_template": response.resolve_template(response.template_name),
    }
    response.template_name = TEMPLATE
