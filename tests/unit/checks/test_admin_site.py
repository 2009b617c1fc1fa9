"""The check that the AdminSite of the settings is the one that is shown."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from agent_connector.checks.admin_site import check_admin_site


def test_the_panel_is_found_to_be_right() -> None:
    assert check_admin_site() == []


@pytest.mark.parametrize("name", ["staff", "mixed", "without"])
def test_each_of_several_sites_is_found(settings: Settings, name: str) -> None:
    settings.ROOT_URLCONF = "tests.two_sites"
    settings.AGENT_CONNECTOR = {"ADMIN_SITE": f"tests.two_sites.{name}"}

    assert check_admin_site() == []


def test_a_site_that_no_address_leads_to_is_named(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.two_sites"
    settings.AGENT_CONNECTOR = {}

    [message] = check_admin_site()

    assert message.id == "agent_connector.W003"
    assert "django.contrib.admin.site" in message.msg
    assert '"ADMIN_SITE": "path.to.site"' in (message.hint or "")


def test_a_site_without_any_admin_is_told(settings: Settings) -> None:
    settings.ROOT_URLCONF = "agent_connector.urls"

    assert [message.id for message in check_admin_site()] == ["agent_connector.W003"]


def test_the_default_site_is_recognised(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.unit.checks.plain_urls"
    settings.AGENT_CONNECTOR = {}

    assert check_admin_site() == []
