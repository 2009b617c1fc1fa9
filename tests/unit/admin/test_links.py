"""Addresses of our screens and of the host's user pages, on one AdminSite."""

from __future__ import annotations

import pytest
from django.contrib.admin import AdminSite
from django.test import RequestFactory

from agent_connector.admin.links import next_url, screen_url, user_page_url
from panel.site import site
from tests.factories import make_admin, make_user


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/admin/", "/admin/"),
        ("?q=1", "?q=1"),
        ("", "/default/"),
        ("https://evil.example/", "/default/"),
        ("//evil.example/", "/default/"),
        ("/\\evil.example/", "/default/"),
        ("javascript:alert(1)", "/default/"),
        ("http:///evil.example", "/default/"),
    ],
)
def test_afterwards_one_stays_on_this_site(wanted: str, goes_to: str) -> None:
    request = RequestFactory().post("/", {"next": wanted})

    assert next_url(request, default="/default/") == goes_to


def test_over_https_it_never_leads_to_http() -> None:
    request = RequestFactory().post("/", {"next": "http://testserver/"}, secure=True)

    assert next_url(request, default="/") == "/"


def test_a_key_with_a_slash_stays_one_step_of_the_address() -> None:
    assert screen_url("admin", "info", "a/b").endswith("/mcpuser/a_2Fb/info/")


@pytest.mark.django_db
def test_the_users_page_is_known_only_to_those_who_may_open_it() -> None:
    user = make_user()
    request = RequestFactory().get("/")

    request.user = make_admin()
    assert user_page_url(site, request, user) == f"/admin/auth/user/{user.pk}/change/"
    assert user_page_url(AdminSite(), request, user) == ""
    request.user = make_user()
    assert user_page_url(site, request, user) == ""
