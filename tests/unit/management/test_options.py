"""Options are read strictly, and times as the site's database takes them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from agent_connector.management.options import count, days, moment


@pytest.mark.parametrize("text", ["-1", "2147483648", "x", "1.5", ""])
def test_a_count_is_a_whole_number(text: str) -> None:
    with pytest.raises((argparse.ArgumentTypeError, ValueError)):
        count(text)
    assert count("0") == 0


@pytest.mark.parametrize("text", ["0", "-3", "36501", "x"])
def test_days_are_at_least_one_and_no_millennia(text: str) -> None:
    with pytest.raises((argparse.ArgumentTypeError, ValueError)):
        days(text)
    assert days("7") == timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-31T14:00:00Z", datetime(2026, 3, 31, 14, tzinfo=UTC)),
        ("2026-03-31T14:00:00+02:00", datetime(2026, 3, 31, 12, tzinfo=UTC)),
        ("2026-03-31", datetime(2026, 3, 30, 22, tzinfo=UTC)),
        ("2026-03-31 14:00", datetime(2026, 3, 31, 12, tzinfo=UTC)),
    ],
)
def test_times_without_an_offset_are_the_sites(
    settings: Settings, text: str, at: datetime
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    assert moment(text) == at


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2026-02-30", "2026-03-31T25:00", "", "0001-01-01T00:00+23:00"],
)
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="write 2026-03-31"):
        moment(text)


def test_a_site_without_time_zones_gets_its_own_local_times(settings: Settings) -> None:
    settings.USE_TZ = False
    settings.TIME_ZONE = "Europe/Berlin"

    assert moment("2026-03-31T12:00:00Z") == datetime(2026, 3, 31, 14)  # noqa: DTZ001  # as that database has it
    assert moment("2026-03-31") == datetime(2026, 3, 31)  # noqa: DTZ001
