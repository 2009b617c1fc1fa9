"""The site's name: the setting wins, a Host header never does in production."""

from __future__ import annotations

import pytest
from django.contrib.admin import AdminSite
from pytest_django import Settings

from agent_connector.errors import AgentConnectorError, SiteURLMissing
from agent_connector.policy.site import resource_url, section_name, site_url
from panel.site import site

FORGED = "https://evil.example"


def test_the_setting_names_the_site(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"SITE_URL": "https://example.com"}

    assert site_url() == "https://example.com"
    assert resource_url() == "https://example.com/mcp"


@pytest.mark.parametrize("debug", [True, False])
def test_a_forged_host_changes_nothing(settings: Settings, *, debug: bool) -> None:
    settings.DEBUG = debug
    settings.AGENT_CONNECTOR = {"SITE_URL": "https://example.com"}

    assert site_url(host_url=FORGED) == "https://example.com"
    assert resource_url(host_url=FORGED) == "https://example.com/mcp"


def test_without_the_setting_the_host_does_not_help(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {}

    with pytest.raises(SiteURLMissing) as error:
        site_url(host_url=FORGED)

    assert isinstance(error.value, AgentConnectorError)
    assert "SITE_URL" in str(error.value)


def test_while_developing_the_host_names_the_site(settings: Settings) -> None:
    settings.DEBUG = True
    settings.AGENT_CONNECTOR = {}

    assert resource_url(host_url="http://localhost:8000/") == (
        "http://localhost:8000/mcp"
    )


def test_without_setting_and_host_the_site_has_no_name(
    settings: Settings,
) -> None:
    settings.DEBUG = True
    settings.AGENT_CONNECTOR = {}

    with pytest.raises(SiteURLMissing):
        resource_url()


def test_the_section_is_called_what_that_admin_site_calls_it() -> None:
    assert section_name(AdminSite()) == "AI Agent Connector"
    assert section_name(site) == "System › AI Agent Connector"  # noqa: RUF001
