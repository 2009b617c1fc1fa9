"""What the MCP Info tab and Account Setting say about one user's connections."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.clients import NOBODYS, clients_of
from agent_connector.admin.links import screen_url
from agent_connector.admin.page import Text
from agent_connector.admin.password import AccessForm
from agent_connector.errors import SiteURLMissing
from agent_connector.guides.definition import Server, server_at
from agent_connector.guides.registry import guides_for
from agent_connector.models import MCPUser
from agent_connector.policy.administration import (
    may_change_access,
    may_resume,
    may_revoke,
)
from agent_connector.policy.rules import Denial, access_of
from agent_connector.policy.settings import read_settings
from agent_connector.policy.site import resource_url

_USUAL_PORTS = (80, 443)
_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")

_WHY_NOT = {
    Denial.PERMISSION_MISSING: _("You may not change MCP access."),
    Denial.SUPERUSERS_ONLY: _("Only superusers may change the access of superusers."),
}


def summary_context(
    site: AdminSite, request: HttpRequest, user: MCPUser, *, now: datetime
) -> dict[str, Any]:
    """Return state, counts and what the viewer may do about them."""
    access = access_of(user)
    clients = clients_of([user.pk], now=now).get(user.pk, NOBODYS)
    denial = may_change_access(request.user, user).denial
    return {
        "access": access,
        "is_enabled": access is not None and access.enabled,
        "clients": clients,
        "may_change": denial is None,
        "why_not": _WHY_NOT.get(denial) if denial else "",
        "may_revoke": may_revoke(request.user, user).allowed,
        "may_resume": may_resume(request.user, user).allowed,
        "cannot_connect": _cannot_connect(user),
        "access_url": screen_url(site.name, "access", user.pk),
        "effective_url": screen_url(site.name, "effective", user.pk),
        "tokens_url": screen_url(site.name, "tokens", user.pk),
        "revoke_url": screen_url(site.name, "revoke", user.pk),
    }


def access_form(request: HttpRequest, user: MCPUser) -> AccessForm:
    """Return the form with the present state chosen."""
    access = access_of(user)
    state = "enabled" if access is not None and access.enabled else "disabled"
    return AccessForm(request=request, user=user, initial={"access": state})


def guides_context(site: AdminSite, request: HttpRequest) -> dict[str, Any]:
    """Return the client configuration, or why there is none."""
    here = request.build_absolute_uri("/").rstrip("/")
    try:
        url = resource_url(host_url=here)
    except SiteURLMissing:
        return {"server": None, "guides": ()}
    server = _server(site, url)
    elsewhere = "" if _place_of(url) == _place_of(here) else here
    return {
        "server": server,
        "guides": guides_for(server),
        "elsewhere": elsewhere,
        "with_personal": read_settings().personal_access_tokens,
    }


def _place_of(url: str) -> tuple[str, int | None]:
    """Return host and port; the scheme is the proxy's, this computer is one place."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = None if parts.port in _USUAL_PORTS else parts.port
    return (_THIS_COMPUTER[0] if host in _THIS_COMPUTER else host), port


def _server(site: AdminSite, url: str) -> Server:
    header = str(site.site_header)
    is_default = header == str(AdminSite.site_header)  # in the language of the page
    return server_at(url, title="" if is_default else header)


def _cannot_connect(user: MCPUser) -> Text:
    """Say why MCP access is of no use to this user, whatever its state."""
    if not user.is_active:
        return _("This user is inactive: no client can connect until that changes.")
    if not user.is_staff:
        return _(
            "This user may not sign in to the admin: no client can connect until"
            " that changes."
        )
    return ""
