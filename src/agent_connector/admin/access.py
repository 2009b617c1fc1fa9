"""Enable or disable MCP access of one user, with the administrator's password."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agent_connector.admin.account import render_account
from agent_connector.admin.fragment import is_fragment
from agent_connector.admin.info import render_info
from agent_connector.admin.links import NEXT, account_url, next_url, screen_url
from agent_connector.admin.page import Page, render_page
from agent_connector.admin.password import AccessForm
from agent_connector.admin.people import require, visible_user
from agent_connector.admin.summary import access_form, summary_context
from agent_connector.connections.access import disable_access, enable_access
from agent_connector.models import MCPUser
from agent_connector.policy.address import address_of
from agent_connector.policy.administration import may_change_access
from agent_connector.policy.rules import access_of
from agent_connector.policy.staff import name_of

TITLES = {
    "": gettext_lazy("MCP Access"),
    "enabled": gettext_lazy("Enable MCP access"),
    "disabled": gettext_lazy("Disable MCP access"),
}
"""Of the page, by the state that the link to it asks for, if it asks for one."""


def change_access(
    site: AdminSite, request: HttpRequest, *, pk: str
) -> HttpResponseBase:
    """Ask for state and password; on a good answer do it and say what it did."""
    user = visible_user(request, pk)
    require(may_change_access(request.user, user))
    now = timezone.now()
    if request.method != "POST":
        return _show(site, request, user, form=access_form(request, user), now=now)
    form = AccessForm(request.POST, request=request, user=user)
    if not form.is_valid():
        return _show(site, request, user, form=form, now=now)
    _apply(request, user, enabled=form.cleaned_data["access"] == "enabled", now=now)
    return HttpResponseRedirect(
        next_url(request, default=screen_url(site.name, "info", user.pk))
    )


def _wanted_state(request: HttpRequest) -> str:
    """Return the state that the link asks for: then there is nothing to choose."""
    wanted = request.GET.get("access", "")
    return wanted if wanted in TITLES else ""


def _show(
    site: AdminSite,
    request: HttpRequest,
    user: MCPUser,
    *,
    form: AccessForm,
    now: datetime,
) -> HttpResponseBase:
    """Return the form on the page that it was sent from."""
    goes_to, wanted = next_url(request, default=""), _wanted_state(request)
    info = screen_url(site.name, "info", user.pk)
    has_sender = form.is_bound and not wanted and not is_fragment(request)
    if has_sender and goes_to == account_url(site.name):
        return render_account(site, request, user, form=form, now=now)
    if has_sender and goes_to == info:
        return render_info(site, request, user, form=form, now=now)
    return render_page(
        site,
        request,
        "access.html",
        Page(title=TITLES[wanted], user=user),
        {
            **summary_context(site, request, user, now=now),
            "form": form,
            "wanted": wanted,
            "next_name": NEXT,
            "here": goes_to,
            "cancel_url": goes_to or info,
        },
    )


def _apply(
    request: HttpRequest, user: MCPUser, *, enabled: bool, now: datetime
) -> None:
    before = access_of(user)
    was_enabled = before is not None and before.enabled
    address = address_of(request.META)
    actor = request.user
    if enabled:
        enable_access([user.pk], actor=actor, now=now, address=address)  # type: ignore[arg-type]  # staff, so no Anonymous
        text = _("MCP access enabled. %(name)s can authorize clients now.")
        tokens = 0
    else:
        revoked = disable_access([user.pk], actor=actor, now=now, address=address)  # type: ignore[arg-type]  # staff, so no Anonymous
        text, tokens = disabled_text(revoked.tokens), revoked.tokens
    if enabled == was_enabled and not tokens:
        text = (
            _("MCP access of %(name)s is enabled already. Nothing was changed.")
            if enabled
            else _("MCP access of %(name)s is disabled already. Nothing was changed.")
        )
    messages.success(request, text % {"name": name_of(user), "count": tokens})


def disabled_text(tokens: int) -> str:
    """Return the message after disabling, with `name` and `count` to fill in."""
    if not tokens:
        return _("MCP access disabled. %(name)s had no active token.")
    return ngettext(
        "MCP access disabled. %(count)d token of %(name)s revoked."
        " Each client must be authorized again.",
        "MCP access disabled. %(count)d tokens of %(name)s revoked."
        " Each client must be authorized again.",
        tokens,
    )
