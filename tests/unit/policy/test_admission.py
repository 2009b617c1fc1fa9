"""Who may come at all is decided by the address, and by nothing that comes later."""

from __future__ import annotations

import pytest

from agent_connector.policy.admission import may_come
from agent_connector.policy.networks import parse_networks
from agent_connector.policy.rules import Denial

OFFICE = parse_networks("192.0.2.0/24\n2001:db8:7::/48\n198.51.100.7")


@pytest.mark.parametrize("address", ["203.0.113.1", "2001:db8::1", None])
def test_without_rules_everybody_may_come(address: str | None) -> None:
    assert may_come(address, rules=()).allowed


@pytest.mark.parametrize(
    "address",
    ["192.0.2.200", "198.51.100.7", "2001:db8:7::1", "::ffff:192.0.2.200"],
)
def test_who_is_on_the_list_may_come(address: str) -> None:
    assert may_come(address, rules=OFFICE).allowed


@pytest.mark.parametrize(
    "address",
    ["192.0.3.1", "198.51.100.8", "2001:db8:8::1", "::ffff:192.0.3.1", "::1", None],
)
def test_who_is_not_may_not_nor_who_has_no_address(address: str | None) -> None:
    assert may_come(address, rules=OFFICE).denial is Denial.ADDRESS


def test_rules_of_one_family_say_nothing_of_the_other() -> None:
    everybody_of = parse_networks("0.0.0.0/0")

    assert may_come("203.0.113.1", rules=everybody_of).allowed
    assert not may_come("2001:db8::1", rules=everybody_of).allowed
    assert not may_come("203.0.113.1", rules=parse_networks("::/0")).allowed


@pytest.mark.parametrize("address", ["192.0.2.200", None])
def test_rules_that_cannot_be_read_let_nobody_in(address: str | None) -> None:
    verdict = may_come(address, rules="192.0.2.0/24\nnonsense")

    assert verdict.denial is Denial.RULES_UNREADABLE
