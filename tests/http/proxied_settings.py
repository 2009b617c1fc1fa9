"""The panel behind a real proxy: its address, and what it believes of the proxy."""

from __future__ import annotations

import os

from tests.http.settings import *  # noqa: F403  # built on them

AGENT_CONNECTOR = {
    **AGENT_CONNECTOR,  # noqa: F405  # the same
    "SITE_URL": os.environ["TEST_SITE_URL"],
    "TRUSTED_PROXIES": int(os.environ.get("TEST_TRUSTED_PROXIES", "1")),  # type: ignore[dict-item]  # one of several kinds
}
if os.environ["TEST_SITE_URL"].startswith("https:"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
