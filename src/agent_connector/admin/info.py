"""The MCP Info tab of a user."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from agent_connector.admin.events import timeline_card
from agent_connector.admin.links import screen_url, user_page_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.password import AccessForm
from agent_connector.admin.people import visible_user
from agent_connector.admin.summary import (
    access_form,
    guides_context,
    summary_context,
)
from agent_connector.models import MCPUser
from agent_connector.policy.staff import name_of


def show_info(site: AdminSite, request: HttpRequest, *, pk: str) -> TemplateResponse:
    """Show access, connections and client configuration of one user."""
    user = visible_user(request, pk)
    form = access_form(request, user)
    return render_info(site, request, user, form=form, now=timezone.now())


def render_info(
    site: AdminSite,
    request: HttpRequest,
    user: MCPUser,
    *,
    form: AccessForm,
    now: datetime,
) -> TemplateResponse:
    """Return the page with `form`, which may have come back with errors."""
    return render_page(
        site,
        request,
        "info.html",
        Page(title=name_of(user), user=user, is_user_page=True),
        {
            **summary_context(site, request, user, now=now),
            **guides_context(site, request),
            **timeline_card(site, user),
            "form": form,
            "here": screen_url(site.name, "info", user.pk),
            "user_page_url": user_page_url(site, request, user),
        },
    )
