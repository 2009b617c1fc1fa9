"""Token details of one user."""

from __future__ import annotations

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
from agent_connector.admin.token_rows import connections_of, token_rows

ROWS_PER_PAGE = 50


def show_tokens(site: AdminSite, request: HttpRequest, *, pk: str) -> TemplateResponse:
    """Show one row per token, the active ones first."""
    user = visible_user(request, pk)
    now = timezone.now()
    pages = Paginator(connections_of(user.pk, now=now), ROWS_PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return render_page(
        site,
        request,
        "tokens.html",
        Page(title=_("Token Details"), user=user),
        {
            **summary_context(site, request, user, now=now),
            "rows": token_rows(shown.object_list, now=now),
            "token_page": shown,
            "here": request.get_full_path(),
            "info_url": screen_url(site.name, "info", user.pk),
        },
    )
