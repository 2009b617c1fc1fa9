"""The peer's address is read from what the server says, and from nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.policy.address import address_of, sender_of


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unix:", None),
        ("192.0.2.7:443", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("192.0.2.7:", None),
        ("2001:db8::1:port", None),
        ("' OR 1=1", None),
    ],
)
def test_remote_addr_is_the_address_when_it_is_one(
    remote: str, address: str | None
) -> None:
    assert address_of({"REMOTE_ADDR": remote}) == address


def test_a_header_that_the_client_wrote_is_not_believed() -> None:
    meta = {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}

    assert address_of(meta) == "192.0.2.7"


def test_a_request_without_a_peer_has_no_address() -> None:
    assert address_of({}) is None


@pytest.mark.parametrize(
    "name", ["X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"]
)
@pytest.mark.parametrize("proxies", [0, 1, ["192.0.2.0/24"]])
def test_no_other_header_ever_counts(settings: Any, name: str, proxies: object) -> None:
    settings.AGENT_CONNECTOR = {"TRUSTED_PROXIES": proxies}

    assert address_of({"REMOTE_ADDR": "192.0.2.7", name: "198.51.100.1"}) == "192.0.2.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "198.51.100.1"),
        (1, "", "192.0.2.7"),
        (1, "203.0.113.9, unknown", None),
        (1, "203.0.113.9, ", None),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (["192.0.2.7"], "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (
            ["192.0.2.0/24", "10.0.0.0/8"],
            "1.2.3.4, 198.51.100.1,10.0.0.1",
            "198.51.100.1",
        ),
        (["192.0.2.0/24", "10.0.0.0/8"], "10.0.0.2, 10.0.0.1", "10.0.0.2"),
        (["192.0.2.0/24"], "203.0.113.9, unknown", None),
        (["10.0.0.0/8"], "198.51.100.1", "192.0.2.7"),
        ([], "198.51.100.1", "192.0.2.7"),
        (["2001:db8::/32"], "198.51.100.1", "192.0.2.7"),
    ],
)
def test_behind_trusted_proxies_it_is_what_the_last_of_them_wrote(
    settings: Any, proxies: object, forwarded: str, address: str | None
) -> None:
    settings.AGENT_CONNECTOR = {"TRUSTED_PROXIES": proxies}

    meta = {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": forwarded}
    assert address_of(meta) == address


def test_a_proxy_behind_a_unix_socket_counts_as_one(settings: Any) -> None:
    settings.AGENT_CONNECTOR = {"TRUSTED_PROXIES": 1}

    meta = {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert address_of(meta) == "198.51.100.1"


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        (None, ""),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_limits_count_by_what_one_sender_owns(address: str | None, sender: str) -> None:
    assert sender_of(address) == sender
