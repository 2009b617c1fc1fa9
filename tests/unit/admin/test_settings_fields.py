"""Spans and networks: what the page takes, and how it says what it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from agent_connector.admin.settings_fields import DAY, NetworksField, SpanField
from agent_connector.policy.networks import parse_networks


def test_a_span_is_a_whole_number_of_its_unit_both_ways() -> None:
    field = SpanField(unit=DAY, unit_name="days", min_value=1)

    assert field.clean("3") == timedelta(days=3)
    assert field.prepare_value(timedelta(days=3)) == 3
    with pytest.raises(ValidationError):
        field.clean("0")


def test_networks_are_shown_one_a_line_and_read_back() -> None:
    networks = parse_networks("192.0.2.7\n2001:db8::/32")
    field = NetworksField()

    assert field.clean(field.prepare_value(networks)) == networks


def test_the_line_that_is_wrong_is_named() -> None:
    with pytest.raises(ValidationError, match="“office” is no address"):
        NetworksField().clean("192.0.2.7\noffice\n")


def test_no_line_is_no_network() -> None:
    assert NetworksField(required=False).clean(" \n") == ()
