"""Which IP addresses a request of ours may go to: unicast, and everybody's."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""Outside lie loopback, link-local, site-local, unique local, multicast, IPv4 mapped
and compatible, and the local form of NAT64 (64:ff9b:1::/48)."""
_NAT64 = IPv6Network("64:ff9b::/96")
"""How a host without IPv4 sees IPv4 addresses (RFC 6052): judged by what it holds."""
_NEVER = [
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8"),
        *("169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
        *("192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # a cloud's own host, under a public number
        "2001::/23",  # protocol assignments, among them Teredo
        "2002::/16",  # 6to4: an IPv4 address of anybody's choice inside
        *("2001:db8::/32", "3fff::/20"),  # documentation
        "2620:4f:8000::/48",  # AS112, whose IPv4 blocks are above: answered by anyone
    )
]
_ISATAP = 0x00005EFE
"""Bits 64 to 95 of an address in which an IPv4 address of a site stands, but for the
two that say whose the identifier is (RFC 5214 section 6.1)."""


def is_public(text: str) -> bool:
    """Say whether an address, as a resolver gives it, is out in the open internet.

    By lists of our own, not by `is_global`, which takes multicast, 6to4 and one NAT64
    form for global in some releases of Python. 6to4, Teredo and ISATAP are out of use,
    and refused whatever they hold.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            address = IPv4Address(int(address) & 0xFFFFFFFF)
        elif address not in _GLOBAL_UNICAST or address.scope_id or _is_isatap(address):
            return False
    return not any(address in block for block in _NEVER)


def _is_isatap(address: IPv6Address) -> bool:
    return int(address) >> 32 & 0xFCFFFFFF == _ISATAP
