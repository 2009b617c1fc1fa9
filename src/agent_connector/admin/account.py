"""Account Setting: every staff user's own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.events import timeline_card
from agent_connector.admin.links import account_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.password import AccessForm
from agent_connector.admin.people import visible_user
from agent_connector.admin.personal_token import personal_card
from agent_connector.admin.summary import (
    access_form,
    guides_context,
    summary_context,
)
from agent_connector.admin.token_rows import connections_of, token_rows
from agent_connector.models import MCPUser
from agent_connector.policy.site import section_name
from agent_connector.policy.staff import name_of

MOST_TOKENS = 20
"""More are on the page of all one's tokens."""


def show_account(site: AdminSite, request: HttpRequest) -> TemplateResponse:
    """Show the viewer's own profile, tokens and client configuration."""
    user = visible_user(request, str(request.user.pk))
    form = access_form(request, user)
    return render_account(site, request, user, form=form, now=timezone.now())


def render_account(
    site: AdminSite,
    request: HttpRequest,
    user: MCPUser,
    *,
    form: AccessForm,
    now: datetime,
) -> TemplateResponse:
    """Return the page with `form`, which may have come back with errors."""
    connections = connections_of(user.pk, now=now)[: MOST_TOKENS + 1]
    rows = token_rows(connections, now=now)
    return render_page(
        site,
        request,
        "account.html",
        Page(title=_("Account Setting"), is_below_grid=False),
        {
            **summary_context(site, request, user, now=now),
            **guides_context(site, request),
            **timeline_card(site, user),
            **personal_card(site, request, user, now=now),
            "person": user,
            "person_name": name_of(user),
            "email": _email_of(user),
            "section": section_name(site),
            "form": form,
            "here": account_url(site.name),
            "rows": rows[:MOST_TOKENS],
            "has_more": len(rows) > MOST_TOKENS,
        },
    )


def _email_of(user: Any) -> str:
    field = get_user_model().get_email_field_name()
    return str(getattr(user, field, "") or "")
