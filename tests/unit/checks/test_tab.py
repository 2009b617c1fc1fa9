"""The check that the MCP Info tab can get into the host's user page."""

from __future__ import annotations

from pytest_django import Settings

from agent_connector.checks.tab import MIDDLEWARE, check_tab


def _without_middleware(settings: Settings, site: str) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != MIDDLEWARE]
    settings.AGENT_CONNECTOR = {"ADMIN_SITE": site, "SITE_URL": "https://example.com"}


def test_the_middleware_is_one_way(settings: Settings) -> None:
    assert MIDDLEWARE in settings.MIDDLEWARE
    assert check_tab() == []


def test_the_mixin_is_the_other(settings: Settings) -> None:
    _without_middleware(settings, "tests.two_sites.mixed")

    assert check_tab() == []


def test_without_either_the_missing_line_is_printed(
    settings: Settings,
) -> None:
    _without_middleware(settings, "tests.two_sites.staff")

    [message] = check_tab()

    assert message.id == "agent_connector.W001"
    assert f'"{MIDDLEWARE}",' in (message.hint or "")


def test_where_users_are_not_edited_nothing_is_missing(
    settings: Settings,
) -> None:
    _without_middleware(settings, "tests.unit.checks.empty_site.site")

    assert check_tab() == []
