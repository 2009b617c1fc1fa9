"""The grid's filters: a state, and ranges of local days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agent_connector.models import MCPAccess
from tests.factories import make_admin, make_user
from tests.screens import GRID, messages_in, names_in, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def _used(username: str, at: datetime) -> None:
    user = make_user(username)
    MCPAccess.objects.filter(user=user).update(last_used_at=at, added_at=at)


@pytest.mark.parametrize(
    ("access", "listed"),
    [
        ("enabled", ["on"]),
        ("disabled", ["never", "off", "root"]),
        ("", ["never", "off", "on", "root"]),
        ("nonsense", ["never", "off", "on", "root"]),
    ],
)
def test_access_status_counts_a_missing_record_as_disabled(
    browser: Client, access: str, listed: list[str]
) -> None:
    make_user("on")
    MCPAccess.objects.filter(user=make_user("off")).update(enabled=False)
    make_user("never", enabled=False)

    assert names_in(browser.get(GRID, {"access": access})) == listed


@pytest.mark.parametrize("name", ["used", "added"])
def test_a_range_of_days_includes_both_ends_in_local_time(
    browser: Client, name: str, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    midnight = datetime(2026, 5, 5, tzinfo=timezone.get_current_timezone())
    second = timedelta(seconds=1)
    _used("before", midnight - second)
    _used("first", midnight)
    _used("last", midnight + timedelta(days=1) - second)
    _used("after", midnight + timedelta(days=1))

    day = {f"{name}_from": "2026-05-05", f"{name}_to": "2026-05-05"}

    assert names_in(browser.get(GRID, day)) == ["first", "last"]


def test_a_range_may_be_open_at_one_end(browser: Client) -> None:
    _used("early", datetime(2026, 1, 1, tzinfo=UTC))
    _used("late", datetime(2026, 6, 1, tzinfo=UTC))

    assert names_in(browser.get(GRID, {"used_from": "2026-03-01"})) == ["late"]
    assert names_in(browser.get(GRID, {"used_to": "2026-03-01"})) == ["early"]


@pytest.mark.parametrize(
    "text", ["tomorrow", "2026-13-01", "0001-01-01", "9999-12-31", "2026-02-30\x00"]
)
def test_what_is_no_date_is_said_and_filters_nothing(
    browser: Client, text: str
) -> None:
    page = browser.get(GRID, {"used_to": text})

    assert page.status_code == 200
    assert any("is not a date" in message for message in messages_in(page))
    assert names_in(page) == ["root"]


def test_the_form_above_the_grid_keeps_what_was_asked(browser: Client) -> None:
    asked = {"q": "ro", "access": "disabled", "added_from": "", "used_to": "2026-03-01"}

    page = browser.get(GRID, asked).content.decode()

    assert 'name="q" value="ro"' in page
    assert '<option value="disabled" selected>' in page
    assert 'name="used_to" value="2026-03-01"' in page


def test_filters_are_left_by_one_link_and_an_empty_grid_says_so(
    browser: Client,
) -> None:
    page = browser.get(GRID, {"q": "nobody is called so"})

    assert "No user matches these filters." in text_of(page)
    assert "Clear" in text_of(page)
    assert "Clear" not in text_of(browser.get(GRID))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Filters Access Status"),
        ({"q": "ro", "used_from": "soon", "access": "?"}, "Filters Access Status"),
        ({"access": "disabled"}, "Filters 1 in use"),
        ({"access": "disabled", "used_from": "2026-03-01"}, "Filters 2 in use"),
    ],
)
def test_the_fold_says_how_many_filters_are_in_use(
    browser: Client, asked: dict[str, str], words: str
) -> None:
    assert words in text_of(browser.get(GRID, asked))
