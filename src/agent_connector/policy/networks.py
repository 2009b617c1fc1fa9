"""Networks as people write them, one a line (pure)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network


def parse_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the addresses and networks (CIDR) of `text`, one a line.

    Raises:
        ValueError: a line is neither; a network with bits of a host set is none.
    """
    lines = (line.strip() for line in text.splitlines())
    return tuple(ip_network(line) for line in lines if line)


def format_networks(networks: tuple[IPv4Network | IPv6Network, ...]) -> str:
    """Return the text that `parse_networks` reads; single addresses without `/32`."""
    return "\n".join(
        str(one.network_address if one.num_addresses == 1 else one) for one in networks
    )
