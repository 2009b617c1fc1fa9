"""Where a request comes from, as far as it can be believed."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any


def address_of(meta: Mapping[str, Any]) -> str | None:
    """Return the peer's IP address in its plain form, or None when there is none.

    `meta` is a request's META. Only `REMOTE_ADDR` counts, which the server set;
    headers that a client can write itself (`X-Forwarded-For`) are not looked at. A
    unix socket has no address. IPv4 written as IPv6 is brought back to IPv4.
    """
    text = str(meta.get("REMOTE_ADDR") or "").strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    # A zone such as `%eth0` means something on this machine only.
    return str(address).partition("%")[0]
