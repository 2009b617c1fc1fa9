"""Seconds are told in the units that people use."""

from __future__ import annotations

import pytest
from django.utils import translation

from agent_connector.admin.spans import span_text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        *((0, ""), (59, ""), (60, "1 minute"), (3600, "1 hour")),
        *((2_592_000, "30 days"), (90_061, "1 day 1 hour 1 minute 1 second")),
        (86_400 + 120, "1 day 2 minutes"),
    ],
)
def test_seconds_are_told_in_the_largest_units_that_fit(
    seconds: int, told: str
) -> None:
    assert span_text(seconds) == told


def test_the_units_are_told_in_the_language_of_the_page() -> None:
    with translation.override("de"):
        assert span_text(7200) == "2 Stunden"
