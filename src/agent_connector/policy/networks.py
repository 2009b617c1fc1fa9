"""Networks as people write them, one a line (pure)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_MAPPED = IPv6Network("::ffff:0:0/96")
"""Where IPv6 keeps the addresses of IPv4 (RFC 4291 section 2.5.5.2)."""


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks (CIDR) of `text`, one a line.

    Raises:
        ValueError: a line is neither; a network with bits of a host set is none.
    """
    lines = (line.strip() for line in text.splitlines())
    return tuple(ip_network(line) for line in lines if line)


def format_networks(networks: tuple[Network, ...]) -> str:
    """Return the text that `parse_networks` reads; single addresses without `/32`."""
    return "\n".join(
        str(one.network_address if one.num_addresses == 1 else one) for one in networks
    )


def holds(networks: tuple[Network, ...], address: str) -> bool:
    """Say whether one of the networks holds the address.

    IPv4 and IPv4 written as IPv6 (`::ffff:192.0.2.7`) are the same, on both sides.
    """
    sought = ip_address(address)
    sought = getattr(sought, "ipv4_mapped", None) or sought
    return any(sought in _plain(network) for network in networks)


def _plain(network: Network) -> Network:
    """Return a network of IPv4 that is written as IPv6 as one of IPv4."""
    if not isinstance(network, IPv6Network) or not network.subnet_of(_MAPPED):
        return network
    low = int(network.network_address) & 0xFFFF_FFFF
    return IPv4Network((low, network.prefixlen - _MAPPED.prefixlen))
