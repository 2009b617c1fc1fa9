"""Which browser origins may call the endpoint, and what they are told. Pure."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, MCP-Protocol-Version, Mcp-Method, Mcp-Name"
    ),
    "Access-Control-Max-Age": "600",
}


def may_call(origin: str, *, site: str, allowed: Collection[str]) -> bool:
    """Say whether pages of `origin` may call: our own, or one that is listed.

    A request without the header comes from no page, and is not asked about here.
    """
    return origin in {origin_of(site), *allowed}


def origin_of(url: str) -> str:
    """Return the origin of a URL as browsers write it (RFC 6454 section 6.2)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in {None, default} else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"


def cors_headers(origin: str) -> dict[str, str]:
    """Return what lets a page of an allowed origin read the answer; never cookies."""
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After",
    }
