"""By address first, then by the switch."""

from __future__ import annotations

import pytest

from agent_connector.models import ConnectorSettings
from agent_connector.oauth.errors import AddressRefused, RulesUnreadable, SwitchedOff
from agent_connector.oauth.gate import open_settings, require_open
from agent_connector.policy.networks import parse_networks
from agent_connector.policy.settings import Rules

OFFICE = parse_networks("192.0.2.0/24")


def test_who_may_come_while_the_server_is_on_goes_on() -> None:
    require_open(rules=OFFICE, mcp_server_enabled=True, address="192.0.2.1")
    require_open(rules=(), mcp_server_enabled=True, address=None)


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize(
    ("rules", "refusal"), [(OFFICE, AddressRefused), ("broken", RulesUnreadable)]
)
def test_the_address_is_judged_whatever_the_switch_says(
    enabled: object, rules: Rules, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        require_open(rules=rules, mcp_server_enabled=bool(enabled), address="::1")


def test_then_the_switch() -> None:
    with pytest.raises(SwitchedOff):
        require_open(rules=OFFICE, mcp_server_enabled=False, address="192.0.2.1")


@pytest.mark.django_db
def test_the_settings_in_force_decide_and_are_returned() -> None:
    ConnectorSettings.objects.create(allowed_addresses="192.0.2.0/24")

    assert open_settings("192.0.2.1").allowed_addresses == OFFICE
    with pytest.raises(AddressRefused):
        open_settings("::1")


@pytest.mark.django_db
def test_what_is_public_asks_for_the_switch_alone() -> None:
    row = ConnectorSettings.objects.create(allowed_addresses="192.0.2.0/24")

    assert open_settings("::1", is_public=True).mcp_server_enabled
    row.mcp_server_enabled = False
    row.save()
    with pytest.raises(SwitchedOff):
        open_settings("::1", is_public=True)
