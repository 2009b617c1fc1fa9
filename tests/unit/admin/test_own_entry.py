"""Account Setting is in the app list of every AdminSite, for everybody there."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.factories import make_admin, make_user
from tests.screens import VIEW, signed_in

pytestmark = pytest.mark.django_db

STAFF = "/staff/agent_connector/mcpuser/account/"


@pytest.fixture(autouse=True)
def two_sites(settings: Settings) -> None:
    """Sites in Django's own look, so that its own templates show the list."""
    settings.ROOT_URLCONF = "tests.two_sites"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "ADMIN_SITE": "tests.two_sites.staff",
    }


def test_ordinary_staff_find_it_on_the_index_and_in_the_sidebar() -> None:
    user = make_user()

    page = signed_in(user).get("/staff/").content.decode()
    below = signed_in(user).get("/staff/password_change/").content.decode()

    assert page.count(f'href="{STAFF}"') >= 2
    assert f'href="{STAFF}"' in below
    assert "AI Agent Connector" in page
    assert "permission to view or edit anything" not in page


def test_it_stays_there_on_our_own_screens() -> None:
    user = make_user()

    page = signed_in(user).get(STAFF).content.decode()

    assert f'href="{STAFF}"' in page


def test_it_stands_beside_mcp_users_for_those_who_see_them() -> None:
    page = signed_in(make_user(permissions=(VIEW,))).get("/staff/").content.decode()

    assert page.count('class="app-agent_connector') == 1
    assert page.index(">MCP Users</a>") < page.index(">Account Setting</a>")


def test_the_list_itself_stays_closed_to_ordinary_staff() -> None:
    answer = signed_in(make_user()).get("/staff/agent_connector/mcpuser/")

    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["staff", "without"])
def test_other_sites_and_strangers_have_no_such_entry(site: str) -> None:
    admin = signed_in(make_admin()).get("/without/").content.decode()
    stranger = signed_in(make_user(is_staff=False))
    page = stranger.get(f"/{site}/login/").content.decode()

    assert "Account Setting" not in admin
    assert "Account Setting" not in page
