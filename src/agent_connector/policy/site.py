"""What this site calls itself: the issuer and the resource (RFC 8414, RFC 9728)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings

from agent_connector.conf import get_conf
from agent_connector.errors import SiteURLMissing

MCP_PATH = "/mcp"


def site_url(*, host_url: str = "") -> str:
    """Return scheme and host of this site, without a final slash.

    The setting wins. `host_url`, the request's own scheme and host, counts only
    under DEBUG: a forged Host header must not change what tokens are bound to.

    Raises:
        SiteURLMissing: there is no setting, and DEBUG is off.
    """
    configured = get_conf().site_url
    if configured:
        return configured
    if settings.DEBUG and host_url:
        return host_url.rstrip("/")
    raise SiteURLMissing('Set AGENT_CONNECTOR["SITE_URL"].')


def resource_url(*, host_url: str = "") -> str:
    """Return the URL of the MCP endpoint, which tokens are bound to (RFC 8707)."""
    return site_url(host_url=host_url) + MCP_PATH


def section_name(admin_site: Any) -> str:
    """Return what the app list of this AdminSite calls the section with our lists."""
    name = getattr(admin_site, "agent_connector_section", "")
    return str(name or apps.get_app_config("agent_connector").verbose_name)
