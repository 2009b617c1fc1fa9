"""Networks as people write them: read, refused, and written back."""

from __future__ import annotations

import pytest

from agent_connector.policy.networks import format_networks, holds, parse_networks


def test_addresses_and_networks_of_both_families_are_read_one_a_line() -> None:
    networks = parse_networks("192.0.2.7\n\n 198.51.100.0/24 \r\n2001:db8::/32\n")

    assert [str(one) for one in networks] == [
        "192.0.2.7/32",
        "198.51.100.0/24",
        "2001:db8::/32",
    ]


def test_what_was_read_is_written_as_people_write_it() -> None:
    text = "192.0.2.7\n198.51.100.0/24\n2001:db8::1"

    assert format_networks(parse_networks(text)) == text


@pytest.mark.parametrize(
    "line", ["192.0.2.1/24", "192.0.2", "example.com", "192.0.2.1 # office", "::g", "1"]
)
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_networks(line)


@pytest.mark.parametrize("rule", ["::ffff:192.0.2.0/120", "192.0.2.0/24"])
@pytest.mark.parametrize("address", ["192.0.2.9", "::ffff:192.0.2.9"])
def test_ipv4_is_itself_also_where_it_is_written_as_ipv6(
    rule: str, address: str
) -> None:
    networks = parse_networks(rule)

    assert holds(networks, address)
    assert not holds(networks, address.replace(".2.9", ".3.9"))
