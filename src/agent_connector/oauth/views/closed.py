"""What a person sees where no client may be connected: not from there, or not now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agent_connector.audit.strangers import record_refused_address
from agent_connector.oauth.errors import AddressRefused, RulesUnreadable, SwitchedOff
from agent_connector.oauth.gate import require_open
from agent_connector.oauth.views.machine import SWITCHED_OFF_SECONDS
from agent_connector.oauth.views.page import error_page, later_page
from agent_connector.policy.address import address_of

if TYPE_CHECKING:
    from datetime import datetime

    from agent_connector.policy.settings import SiteSettings


def closed_page(
    request: HttpRequest, in_force: SiteSettings, *, now: datetime
) -> HttpResponse | None:
    """Return the page that says why nobody connects a client here, or None."""
    address = address_of(request.META)
    try:
        require_open(
            rules=in_force.allowed_addresses,
            mcp_server_enabled=in_force.mcp_server_enabled,
            address=address,
        )
    except AddressRefused:
        record_refused_address(address, path=request.path, now=now)
        sentence = _(
            "No AI client can be connected to this site from your network address. Ask"
            " an administrator of the site."
        )
        return error_page(request, sentence, status=403)
    except RulesUnreadable:
        sentence = _(
            "The address rules of this site cannot be read. An administrator can"
            " correct them on the Settings page."
        )
        return later_page(request, sentence, seconds=SWITCHED_OFF_SECONDS)
    except SwitchedOff:
        sentence = _(
            "An administrator has switched off the connection of AI clients to this"
            " site. Try again later."
        )
        return later_page(request, sentence, seconds=SWITCHED_OFF_SECONDS)
    return None
