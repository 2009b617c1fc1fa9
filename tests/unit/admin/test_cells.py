"""The grid's cells, as HTML."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from pytest_django import Settings

from agent_connector.admin import cells
from agent_connector.admin.clients import ClientGroup, Clients
from agent_connector.models import MCPUser
from tests.factories import NOON


def _group(name: str = "Codex", **facts: object) -> ClientGroup:
    given = {"host": "", "active": 1, "inactive": 0, "last_seen_at": NOON, **facts}
    return ClientGroup(name=name, **given)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("is_enabled", "word", "colour"),
    [(True, "Enabled", "is-green"), (False, "Disabled", "is-red")],
)
def test_the_badge_says_in_words_what_its_colour_says(
    is_enabled: bool,  # noqa: FBT001  # pytest hands it over by name
    word: str,
    colour: str,
) -> None:
    badge = cells.status_cell(is_enabled=is_enabled)

    assert f">{word}</span>" in badge
    assert colour in badge


def test_each_dot_names_its_client_and_its_state() -> None:
    groups = [_group("Codex", active=3), _group("Cursor", active=0, inactive=1)]

    cell = cells.clients_cell(Clients(groups=groups), now=NOON)

    assert cell.index("is-active") < cell.index("Codex") < cell.index("×3")  # noqa: RUF001
    assert cell.index("is-inactive") < cell.index("Cursor")
    assert ": active" in cell
    assert ": inactive" in cell


def test_what_is_folded_is_counted() -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    groups = [_group(f"t{n}", active=0, inactive=1, last_seen_at=old) for n in range(2)]

    cell = cells.clients_cell(Clients(groups=groups), now=NOON)

    assert ">2 older clients<" in cell


def test_what_is_folded_is_added_to_what_is_shown() -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    groups = [_group("new"), _group("old", active=0, inactive=1, last_seen_at=old)]

    cell = cells.clients_cell(Clients(groups=groups), now=NOON)

    assert ">+1 older<" in cell


def test_the_heading_of_users_says_by_what_it_sorts() -> None:
    assert cells.user_head() == '<span title="Sorted by sign-in name">User</span>'


def test_a_name_that_a_client_gave_itself_cannot_be_markup() -> None:
    evil = _group('<img src=x onerror="1">', host='"><script>')

    cell = cells.clients_cell(Clients(groups=[evil]), now=NOON)

    assert "<img" not in cell
    assert "<script" not in cell


def test_nobody_has_clients_is_a_dash() -> None:
    assert cells.NOTHING in cells.clients_cell(Clients(), now=NOON)


def test_a_moment_is_shown_to_the_second_in_the_local_time_zone() -> None:
    at = datetime(2026, 3, 2, 23, 59, 58, tzinfo=UTC)

    with timezone.override("Asia/Tokyo"):
        cell = cells.moment_cell(at, label="Last Used")

    assert "08:59:58" in cell
    assert 'datetime="2026-03-03T08:59:58+09:00"' in cell


def test_a_moment_works_without_time_zones(settings: Settings) -> None:
    settings.USE_TZ = False

    cell = cells.moment_cell(datetime(2026, 3, 2, 1, 2, 3), label="Last Used")  # noqa: DTZ001

    assert "01:02:03" in cell


def test_no_moment_is_a_dash() -> None:
    assert cells.NOTHING in cells.date_cell(None, label="Added to MCP")


def test_the_user_cell_shows_the_sign_in_name_below_a_full_name() -> None:
    user = MCPUser(username="jane", first_name="Jane", last_name="Doe", is_staff=True)

    cell = cells.user_cell(user, url="/info/")

    assert '<a class="aac-name" href="/info/">Jane Doe</a>' in cell
    assert ">jane</bdi>" in cell


@pytest.mark.parametrize(
    ("facts", "mark"),
    [
        ({"is_active": False, "is_staff": True}, "Inactive"),
        ({"is_active": True, "is_staff": False}, "Not staff"),
    ],
)
def test_users_who_cannot_sign_in_are_marked(facts: dict[str, bool], mark: str) -> None:
    cell = cells.user_cell(MCPUser(username="jane", **facts), url="/")

    assert mark in cell


def test_a_row_without_further_actions_has_no_menu() -> None:
    cell = cells.menu_cell(7, name="Jane", details_url="/t/", links=[])

    assert "popover" not in cell
    assert 'href="/t/"' in cell


def test_the_menu_is_opened_by_a_button_that_names_the_user() -> None:
    links = [("Disable", "/a/", True)]

    cell = cells.menu_cell(7, name='J "x" <b>', details_url="/t/", links=links)

    assert 'popovertarget="aac-menu-7"' in cell
    assert 'id="aac-menu-7" popover' in cell
    assert "<b>" not in cell
