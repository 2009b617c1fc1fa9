"""Addresses that are everybody's, and those that must never be asked."""

from __future__ import annotations

import pytest

from agent_connector.oauth.public_address import is_public

FORBIDDEN = [
    *("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200"),
    *("192.0.0.8", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7"),
    *("203.0.113.9", "192.88.99.1", "168.63.129.16"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254"),
    *("ff02::1", "ff0e::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.216.34"),  # mapped
    *("::127.0.0.1", "::93.184.216.34"),  # compatible
    *("2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:5db8:d822::"),  # 6to4
    *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:7f00:1::"),  # Teredo
    *("64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1"),  # NAT64
    *("64:ff9b:1::127.0.0.1", "64:ff9b:1::93.184.216.34"),  # NAT64, local form
    *("2001:20::1", "2001:2::1", "2600::1%eth0"),
    *("", "localhost", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "127.1", "1.2.3.4/8"),
]


@pytest.mark.spec("attacks", "15")
@pytest.mark.parametrize("address", FORBIDDEN)
def test_what_is_not_out_in_the_internet_is_never_asked(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("93.184.216.34", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1"),
        *("126.255.255.255", "128.0.0.1", "223.255.255.254", "192.0.1.1"),
        *("2606:2800:220:1:248:1893:25c8:1946", "2001:4860:4860::8888", "2a00::1"),
        "64:ff9b::93.184.216.34",  # how a network without IPv4 sees IPv4
    ],
)
def test_what_is_everybodys_may_be_asked(address: str) -> None:
    assert is_public(address)
