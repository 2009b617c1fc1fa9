"""Check that the site knows its own address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from agent_connector.conf import get_conf

EXAMPLE = 'AGENT_CONNECTOR = {"SITE_URL": "https://example.com"}'


def check_site_url(**_: Any) -> list[checks.CheckMessage]:
    """Without a fixed address a forged Host header could rename the issuer."""
    url = get_conf().site_url
    if not url:
        return [] if settings.DEBUG else [_missing()]
    parts = urlsplit(url)
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if parts.scheme in {"http", "https"} and parts.hostname and is_bare:
        return []
    return [
        checks.Error(
            f'AGENT_CONNECTOR["SITE_URL"] is {url!r}, which is not scheme and host.',
            hint=f"Write it without path and final slash: {EXAMPLE}",
            id="agent_connector.E002",
        )
    ]


def _missing() -> checks.CheckMessage:
    return checks.Error(
        'AGENT_CONNECTOR["SITE_URL"] is not set: no AI client can connect.',
        hint=f"Add to the settings: {EXAMPLE}",
        id="agent_connector.E001",
    )
