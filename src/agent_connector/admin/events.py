"""The timeline of one user: what happened to access, clients and tokens."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.admin.links import screen_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.people import visible_user
from agent_connector.admin.summary import summary_context
from agent_connector.audit.lines import line_of, timeline_of
from agent_connector.models import MCPUser

MOST_LINES = 20
"""On the tab; more are on the page of their own."""
LINES_PER_PAGE = 50


def timeline_card(site: AdminSite, user: MCPUser) -> dict[str, Any]:
    """Return what the tab shows of a user's events, by one statement."""
    lines = [line_of(event) for event in timeline_of(user.pk)[: MOST_LINES + 1]]
    return {
        "lines": lines[:MOST_LINES],
        "has_more_lines": len(lines) > MOST_LINES,
        "events_url": screen_url(site.name, "events", user.pk),
    }


def show_events(site: AdminSite, request: HttpRequest, *, pk: str) -> TemplateResponse:
    """Show all events of one user, the newest first, in pages."""
    user = visible_user(request, pk)
    pages = Paginator(timeline_of(user.pk), LINES_PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return render_page(
        site,
        request,
        "events.html",
        Page(title=_("Activity"), user=user),
        {
            **summary_context(site, request, user, now=timezone.now()),
            "lines": [line_of(event) for event in shown.object_list],
            "event_page": shown,
            "info_url": screen_url(site.name, "info", user.pk),
        },
    )
