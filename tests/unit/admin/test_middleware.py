"""The MCP Info tab gets into every host's user page by one line in MIDDLEWARE."""

from __future__ import annotations

import copy

import pytest
from django.contrib.auth.models import Group, User
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from pytest_django import Settings

from agent_connector.admin.middleware import MCPInfoTabMiddleware
from tests.factories import make_admin, make_connection, make_user
from tests.screens import VIEW, signed_in
from tests.two_sites import HOST_TEMPLATES

pytestmark = pytest.mark.django_db

MIDDLEWARE = "agent_connector.admin.middleware.MCPInfoTabMiddleware"
TAB = ">MCP Info</a>"


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root"))


@pytest.fixture
def two_sites(settings: Settings) -> None:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = []
    templates[0]["APP_DIRS"] = False
    templates[0]["OPTIONS"]["loaders"] = [
        ("django.template.loaders.locmem.Loader", HOST_TEMPLATES),
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.two_sites"


def _page(browser: Client, user: User, *, site: str = "admin") -> str:
    answer = browser.get(f"/{site}/auth/user/{user.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_edit_page_of_staff_has_both_tabs(browser: Client) -> None:
    user = make_user()

    page = _page(browser, user)

    assert f'href="/admin/agent_connector/mcpuser/{user.pk}/info/"' in page
    assert page.index(">User Info</a>") < page.index(TAB)
    assert 'name="username"' in page


def test_whoever_ever_connected_keeps_the_tab(browser: Client) -> None:
    user = make_user()
    make_connection(user)
    User.objects.filter(pk=user.pk).update(is_staff=False)

    assert TAB in _page(browser, user)


def test_a_customer_has_no_tab(browser: Client) -> None:
    assert TAB not in _page(browser, make_user(is_staff=False, enabled=False))


@pytest.mark.parametrize(
    ("permissions", "sees"), [((), False), ((VIEW,), True)], ids=["without", "with"]
)
def test_only_who_may_view_mcp_users_sees_the_tab(
    permissions: tuple[str, ...],
    sees: bool,  # noqa: FBT001  # pytest hands it over by name
) -> None:
    viewer = make_user(permissions=("auth.view_user", *permissions))

    assert (TAB in _page(signed_in(viewer), make_user())) is sees


def test_a_popup_and_other_pages_stay_as_they_are(browser: Client) -> None:
    user = make_user()
    group = Group.objects.create(name="g")

    for address in (
        f"/admin/auth/user/{user.pk}/change/?_popup=1",
        "/admin/auth/user/add/",
        "/admin/auth/user/",
        f"/admin/auth/user/{user.pk}/history/",
        f"/admin/auth/group/{group.pk}/change/",
    ):
        assert TAB not in browser.get(address).content.decode()


def test_a_save_with_errors_keeps_the_tab(browser: Client) -> None:
    address = f"/admin/auth/user/{make_user().pk}/change/"

    assert TAB in browser.post(address, {"username": ""}).content.decode()


@pytest.mark.usefixtures("two_sites")
def test_the_hosts_own_template_stays_and_the_tab_leads_to_its_site(
    browser: Client,
) -> None:
    user = make_user()

    page = _page(browser, user, site="staff")

    assert "the host's own button" in page
    assert f'href="/staff/agent_connector/mcpuser/{user.pk}/info/"' in page


@pytest.mark.usefixtures("two_sites")
def test_a_site_without_our_screens_has_no_tab(browser: Client) -> None:
    assert TAB not in _page(browser, make_user(), site="without")


@pytest.mark.usefixtures("two_sites")
def test_every_screen_works_on_a_site_of_another_name(browser: Client) -> None:
    user = make_user()
    make_connection(user)
    start = "/staff/agent_connector/mcpuser/"

    for end in ("", "account/", f"{user.pk}/info/", f"{user.pk}/tokens/"):
        page = browser.get(start + end)
        assert page.status_code == 200
        assert "/mixed/" not in page.content.decode()


@pytest.mark.usefixtures("two_sites")
def test_the_mixin_does_it_without_the_middleware(
    settings: Settings,
) -> None:
    user, root = make_user(), make_admin("root")
    both = _page(signed_in(root), user, site="mixed")
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != MIDDLEWARE]
    mixin = _page(signed_in(root), user, site="mixed")
    neither = _page(signed_in(root), user, site="staff")

    assert [page.count(TAB) for page in (both, mixin, neither)] == [1, 1, 0]
    assert "the host's own button" in mixin


@pytest.mark.parametrize(("path", "told"), [("mcpuser/", True), ("nothing/", False)])
def test_database_trouble_on_our_screens_is_a_503(path: str, *, told: bool) -> None:
    request = RequestFactory().get(f"/admin/agent_connector/{path}")
    request.resolver_match = resolve(request.path)
    middleware = MCPInfoTabMiddleware(lambda _request: HttpResponse())

    answer = middleware.process_exception(request, OperationalError("locked"))
    bug = middleware.process_exception(request, ValueError("a bug"))

    assert (answer is not None) == told
    assert bug is None
    if answer:
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
