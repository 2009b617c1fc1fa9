"""Check that the site knows its own address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from agent_connector.conf import get_conf


def check_site_url(**_: Any) -> list[checks.CheckMessage]:
    """Without a fixed address a forged Host header could rename the issuer."""
    if get_conf().site_url or settings.DEBUG:
        return []
    return [
        checks.Error(
            'AGENT_CONNECTOR["SITE_URL"] is not set: no AI client can connect.',
            hint="Add scheme and host of the site to the settings:"
            ' AGENT_CONNECTOR = {"SITE_URL": "https://example.com"}',
            id="agent_connector.E001",
        )
    ]
