"""Make a personal access token for oneself; the page that answers shows it, once."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from agent_connector.admin.links import account_url, own_token_url
from agent_connector.admin.once import fresh_mark, sent_before
from agent_connector.admin.page import Crumb, Page, render_page
from agent_connector.admin.people import visible_user
from agent_connector.admin.personal_form import PersonalTokenForm
from agent_connector.connections.personal import (
    MOST_ACTIVE,
    PersonalToken,
    Wanted,
    issue_personal_token,
    may_issue,
)
from agent_connector.errors import SiteURLMissing
from agent_connector.models import MCPUser
from agent_connector.policy.address import address_of
from agent_connector.policy.rules import Denial
from agent_connector.policy.settings import SiteSettings, read_settings
from agent_connector.policy.site import resource_url


def make_personal_token(site: AdminSite, request: HttpRequest) -> HttpResponseBase:
    """Ask what is wanted; on a good answer make the token and show it."""
    user = visible_user(request, str(request.user.pk))
    settings, now = read_settings(), timezone.now()
    why_not = _obstacle(request, user, settings=settings, now=now)
    if why_not:
        refused = _show(site, request, user, {"why_not": why_not})
        refused.status_code = HTTPStatus.FORBIDDEN
        return refused
    form = PersonalTokenForm(
        request.POST if request.method == "POST" else None,
        request=request,
        user=user,
        longest=settings.personal_access_token_lifetime,
    )
    if form.is_valid():
        before = sent_before(request, back=account_url(site.name))
        if before is not None:
            return before
        issued = _issue(request, user, form.cleaned_data, now=now)
        if isinstance(issued, PersonalToken):
            return _show(site, request, user, {"issued": issued})
        form.add_error(None, issued)
    return _show(site, request, user, {"form": form})


def personal_card(
    site: AdminSite, request: HttpRequest, user: MCPUser, *, now: datetime
) -> dict[str, Any]:
    """Return what Account Setting says of personal access tokens."""
    why_not = _obstacle(request, user, settings=read_settings(), now=now)
    return {"personal_url": own_token_url(site.name), "no_personal": why_not}


def _issue(
    request: HttpRequest, user: MCPUser, wanted: dict[str, Any], *, now: datetime
) -> PersonalToken | str:
    issued = issue_personal_token(
        user,
        Wanted(
            label=wanted["label"],
            level=wanted["level"],
            lifetime=wanted["lifetime"],
            resource=_resource(request),
        ),
        actor=user,
        now=now,
        address=address_of(request.META),
    )
    if isinstance(issued, PersonalToken):
        return issued
    return _why_not(issued.denial)


def _show(
    site: AdminSite, request: HttpRequest, user: MCPUser, context: dict[str, Any]
) -> TemplateResponse:
    """Return the page, which no cache on the way or in the browser may keep."""
    is_made = "issued" in context
    title = _("Token made") if is_made else _("New personal access token")
    back = account_url(site.name)
    trail = [Crumb(label=_("Account Setting"), url=back), Crumb(label=title)]
    response = render_page(
        site,
        request,
        "personal_token.html",
        Page(title=title, user=user, is_below_grid=False),
        {"trail": trail, "cancel_url": back, "once": fresh_mark(), **context},
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _resource(request: HttpRequest) -> str:
    return resource_url(host_url=request.build_absolute_uri("/").rstrip("/"))


def _obstacle(
    request: HttpRequest, user: MCPUser, *, settings: SiteSettings, now: datetime
) -> str:
    """Return why this user may not make a token now; "" if they may."""
    verdict = may_issue(user, site=settings, now=now)
    if not verdict.allowed:
        return _why_not(verdict.denial)
    try:
        _resource(request)
    except SiteURLMissing:
        return _(
            "This site has not been told its address, so that no client can connect."
        )
    return ""


def _why_not(denial: Denial | None) -> str:
    if denial is Denial.NOT_ALLOWED:
        return _(
            "Personal access tokens are not allowed on this site, and those made before"
            " are refused. An administrator can allow them under Settings."
        )
    if denial is Denial.TOO_MANY:
        return _(
            "You have %(count)d that work, as many as one person may have. Revoke one"
            " first."
        ) % {"count": MOST_ACTIVE}
    if denial is Denial.DISABLED:
        return _(
            "MCP access is disabled for you, or was changed at this moment. An"
            " administrator can enable it."
        )
    return _("What you may choose was changed at this moment. Choose again.")
