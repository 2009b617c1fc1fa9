"""The peer's address is read from what the server says, and from nothing else."""

from __future__ import annotations

import pytest

from agent_connector.policy.address import address_of


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unix:", None),
        ("192.0.2.7:443", None),
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
