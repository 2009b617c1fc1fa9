"""Check that limits see whoever is behind a proxy, not the proxy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from agent_connector.conf import get_conf

SIGNS = ("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST")
"""Settings that make sense behind a proxy only."""


def check_proxies(**_: Any) -> list[checks.CheckMessage]:
    """Behind a proxy that we do not know of, everybody has one address: the proxy's."""
    signs = [name for name in SIGNS if getattr(settings, name, None)]
    if get_conf().trusted_proxies or not signs:
        return []
    return [
        checks.Warning(
            f"{' and '.join(signs)} tell of a proxy, but TRUSTED_PROXIES does not:"
            " everybody has the proxy's address, on record and before all limits.",
            hint="Say how many proxies stand before this site, or give their networks:"
            ' AGENT_CONNECTOR = {…, "TRUSTED_PROXIES": 1}',
            id="agent_connector.W005",
        )
    ]
