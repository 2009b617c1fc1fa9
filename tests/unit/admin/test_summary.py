"""What the MCP Info tab and Account Setting say about one user's connections."""

from __future__ import annotations

import pytest
from django.contrib.admin import AdminSite
from django.test import RequestFactory
from django.utils.translation import override
from pytest_django import Settings

from agent_connector.admin.summary import (
    access_form,
    guides_context,
    summary_context,
)
from agent_connector.models import MCPUser
from panel.site import site
from tests.factories import NOON, make_admin, make_connection, make_user

pytestmark = pytest.mark.django_db


def _mcp_user(pk: object) -> MCPUser:
    return MCPUser.objects.select_related("mcp_access").get(pk=pk)


def test_a_user_without_a_record_is_disabled_and_has_nothing() -> None:
    request = RequestFactory().get("/")
    request.user = make_admin()
    user = _mcp_user(make_user(enabled=False).pk)

    said = summary_context(site, request, user, now=NOON)

    assert not said["is_enabled"]
    assert said["access"] is None
    assert said["clients"].active_tokens == 0
    assert access_form(request, user).initial == {"access": "disabled"}


def test_counts_are_of_this_user() -> None:
    request = RequestFactory().get("/")
    request.user = make_admin()
    user = make_user()
    make_connection(user, now=NOON)
    make_connection(make_user(), now=NOON)

    said = summary_context(site, request, _mcp_user(user.pk), now=NOON)

    assert (said["clients"].connected, said["clients"].active_tokens) == (1, 1)


def test_the_server_is_named_after_the_site_or_its_host(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {"SITE_URL": "https://shop.example.com"}
    request = RequestFactory().get("/")
    plain, named = AdminSite(), AdminSite()
    named.site_header = "Harbour & Pine"

    names = [guides_context(one, request)["server"].name for one in (plain, named)]

    assert names == ["shop-example-com", "harbour-pine"]


def test_djangos_own_header_names_no_server_in_any_language(
    settings: Settings,
) -> None:
    settings.AGENT_CONNECTOR = {"SITE_URL": "https://shop.example.com"}
    with override("de"):
        header = str(AdminSite().site_header)
        said = guides_context(AdminSite(), RequestFactory().get("/"))

    assert header != "Django administration"
    assert said["server"].name == "shop-example-com"


@pytest.mark.parametrize(
    ("site_url", "host", "elsewhere"),
    [
        ("https://shop.example.com", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://shop.example.com", "shop.example.com:8443", None),
        ("https://Shop.example.com", "shop.example.com", ""),
        ("https://shop.example.com:443", "shop.example.com", ""),
        ("http://127.0.0.1:8000", "localhost:8000", ""),
        ("http://127.0.0.1:8000", "localhost:8001", "http://localhost:8001"),
        ("", "localhost:8001", ""),
    ],
)
def test_who_is_at_another_address_than_clients_are_told_is_told_so(
    settings: Settings, site_url: str, host: str, elsewhere: str | None
) -> None:
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["*"]
    settings.AGENT_CONNECTOR = {"SITE_URL": site_url}
    request = RequestFactory().get("/", headers={"host": host})

    said = guides_context(site, request)["elsewhere"]

    assert said == (f"http://{host}" if elsewhere is None else elsewhere)


def test_a_forged_host_header_never_becomes_the_address(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    request = RequestFactory().get("/", headers={"host": "evil.example"})

    assert "evil" not in guides_context(site, request)["server"].url
