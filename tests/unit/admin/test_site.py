"""Our screens and words on an AdminSite."""

from __future__ import annotations

import pytest
from django.contrib.admin import AdminSite
from django.test import RequestFactory
from pytest_django import Settings

from agent_connector.admin.site import register_screens
from agent_connector.models import Connection, MCPAccess, MCPUser, Token
from panel.site import site
from tests.factories import make_admin
from tests.two_sites import staff


def test_the_site_of_the_settings_has_the_screens() -> None:
    assert site.is_registered(MCPUser)


def test_registering_twice_is_harmless() -> None:
    one = AdminSite(name="one")

    register_screens(one)
    register_screens(one)

    assert one.is_registered(MCPUser)


@pytest.mark.parametrize("model", [Connection, Token, MCPAccess])
def test_what_users_are_deleted_with_is_on_no_site(model: type) -> None:
    assert not site.is_registered(model)
    assert not staff.is_registered(model)


@pytest.mark.django_db
def test_the_mixin_gives_the_app_list_the_documented_words(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.two_sites"
    request = RequestFactory().get("/staff/")
    request.user = make_admin()

    menu = {
        str(app["name"]): [str(model["name"]) for model in app["models"]]
        for app in staff.get_app_list(request)
    }

    assert menu == {
        "System › AI Agent Connector": [  # noqa: RUF001  # menu arrow
            *("MCP Users", "Tool Calls", "Clients", "Settings"),
        ],
        "System › Permissions": ["User Roles", "All Users"],  # noqa: RUF001
    }
