"""The check that the site knows its own address."""

from __future__ import annotations

from django.core.checks import run_checks
from pytest_django import Settings

from agent_connector.checks.site_url import check_site_url


def test_a_missing_address_is_an_error_in_production(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {}
    settings.DEBUG = False

    [message] = check_site_url()

    assert message.id == "agent_connector.E001"
    assert "SITE_URL" in (message.hint or "")
    assert message in run_checks(tags=["agent_connector"])


def test_under_debug_the_requests_host_will_do(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {}
    settings.DEBUG = True

    assert check_site_url() == []


def test_an_address_is_enough(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"SITE_URL": "https://example.com"}
    settings.DEBUG = False

    assert check_site_url() == []
