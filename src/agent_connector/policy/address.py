"""Where a request comes from, as far as it can be believed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from agent_connector.conf import get_conf

_WITH_PORT = re.compile(
    r"(?:\[([0-9a-fA-F:.%]+)\]|([0-9.]+))(?::[0-9]{1,5})?", re.ASCII
)
_ADDRESS = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(meta: Mapping[str, Any]) -> str | None:
    """Return the sender's IP address in its plain form, or None when there is none.

    `meta` is a request's META. It is the peer (`REMOTE_ADDR`), which the server set;
    a unix socket has none. Behind `TRUSTED_PROXIES`, each of which adds its own peer
    at the right end of `X-Forwarded-For`, it is the last entry that such a proxy
    wrote: what stands further left, and every other header, is the sender's own say.
    An entry that is no address stands for none. IPv4 written as IPv6 is brought back
    to IPv4.
    """
    peer = _address_in(str(meta.get("REMOTE_ADDR") or ""))
    proxies = get_conf().trusted_proxies
    forwarded = str(meta.get("HTTP_X_FORWARDED_FOR") or "")
    entries = forwarded.split(",") if forwarded else []
    hops = [peer, *map(_address_in, reversed(entries))]
    if isinstance(proxies, int):
        return _text_of(hops[min(proxies, len(hops) - 1)])
    for hop in hops:
        if hop is None or not any(hop in network for network in proxies):
            return _text_of(hop)
    return _text_of(hops[-1])


def sender_of(address: str | None) -> str:
    """Return what limits count by: of an IPv6 address the /64, which one sender owns."""
    if address is None or ":" not in address:
        return address or ""
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def _address_in(text: str) -> _ADDRESS | None:
    """Read an address; some proxies write the port behind it."""
    with_port = _WITH_PORT.fullmatch(text.strip())
    try:
        address = ipaddress.ip_address(
            with_port[1] or with_port[2] if with_port else text.strip()
        )
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _text_of(address: _ADDRESS | None) -> str | None:
    """Return it without a zone (`%eth0`), which means something on one machine only."""
    return None if address is None else str(address).partition("%")[0]
