"""MCP Users: who is listed, what each row offers, and what cannot be done here."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agent_connector.models import MCPAccess
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_connection,
    make_user,
)
from tests.screens import (
    CHANGE,
    GRID,
    REVOKE,
    VIEW,
    names_in,
    row_of,
    screen,
    signed_in,
    submit_action,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def test_the_grid_is_called_and_headed_as_documented(browser: Client) -> None:
    text = text_of(browser.get(GRID))

    assert "Select" not in text.partition("Access Status")[0]
    columns = "User Access Status Clients Added to MCP Last Used Actions"
    assert columns in text
    assert "MCP Users" in text


def test_all_staff_are_listed_and_former_staff_with_connections(
    browser: Client,
) -> None:
    make_user("never", enabled=False)
    make_user("inactive", is_active=False)
    former = make_user("former")
    make_connection(former)
    User.objects.filter(pk=former.pk).update(is_staff=False)
    make_user("customer", is_staff=False, enabled=False)

    page = browser.get(GRID)

    assert names_in(page) == ["former", "inactive", "never", "root"]
    assert "Not staff" in row_of(page, former)


def test_a_row_shows_when_access_began_and_when_a_tool_was_called(
    browser: Client,
) -> None:
    user = make_user("jane")
    MCPAccess.objects.filter(user=user).update(last_used_at=NOON.replace(second=7))

    row = row_of(browser.get(GRID), user)

    assert row.count("2 Mar 2026") + row.count("March 2, 2026") == 2
    assert "12:00:07" in row


def test_a_row_offers_only_what_applies(browser: Client) -> None:
    enabled, disabled = make_user("on"), make_user("off", enabled=False)
    connected = make_user("connected")
    make_connection(connected, make_client())

    page = browser.get(GRID)

    offers = {
        user.username: [
            word
            for word in ("Details", "Enable", "Disable", "Revoke All")
            if f">{word}<" in row_of(page, user)
        ]
        for user in (enabled, disabled, connected)
    }
    assert offers == {
        "on": ["Details", "Disable"],
        "off": ["Details", "Enable"],
        "connected": ["Details", "Disable", "Revoke All"],
    }


def test_a_row_offers_only_what_the_viewer_may_do() -> None:
    admin, user = make_admin("above"), make_user("below")
    for one in (admin, user):
        make_connection(one, make_client())

    def offers(*permissions: str) -> list[list[str]]:
        viewer = make_user(permissions=(VIEW, *permissions))
        page = signed_in(viewer).get(GRID)
        words = ("Disable", "Revoke All")
        return [
            [word for word in words if f">{word}<" in row_of(page, one)]
            for one in (admin, user)
        ]

    assert offers() == [[], []]
    assert offers(REVOKE) == [["Revoke All"], ["Revoke All"]]
    assert offers(CHANGE) == [[], ["Disable"]]


def test_a_viewer_gets_neither_checkboxes_nor_mass_actions() -> None:
    page = signed_in(make_user(permissions=(VIEW,))).get(GRID).content.decode()

    assert "action-select" not in page
    assert 'name="action"' not in page


def test_the_dropdown_is_called_actions_and_its_button_submit(
    browser: Client,
) -> None:
    page = browser.get(GRID).content.decode()

    assert "<label>Actions <select" in page
    assert ">Submit</button>" in page
    assert '<option value="" selected>Choose an action</option>' in page
    assert 'value="delete_selected"' not in page
    for key, label in (("revoke", "Revoke"), ("enable", "Enable")):
        assert f'<option value="{key}">{label}</option>' in page


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=md5",
        "user_permissions__codename=x",
        "mcp_access__epoch=0",
        "mcp_connections__tokens__hint__startswith=a",
        "is_superuser__exact=1",
        "id__in=1",
    ],
)
def test_the_query_string_reaches_no_other_column(browser: Client, query: str) -> None:
    assert browser.get(f"{GRID}?{query}").status_code == 400


@pytest.mark.parametrize(
    "pk", ["abc", "", "99999999999999999999999", "1;drop", "\x00", "-0x1"]
)
def test_a_selected_value_that_is_no_key_is_a_bad_request(
    browser: Client, pk: str
) -> None:
    form = {"action": "revoke", "index": "0", "_selected_action": pk}

    assert browser.post(GRID, form).status_code == 400


def test_a_models_usual_addresses_lead_to_the_mcp_info_tab(browser: Client) -> None:
    user = make_user()
    info = screen("info", user)

    for address in (f"{GRID}{user.pk}/", f"{GRID}{user.pk}/change/"):
        assert browser.get(address).headers["Location"] == info


@pytest.mark.parametrize("end", ["add/", "{pk}/delete/", "{pk}/history/", "x/change/"])
def test_nothing_is_added_deleted_or_told_the_history_of(
    browser: Client, end: str
) -> None:
    address = GRID + end.format(pk=make_user().pk)

    assert browser.get(address).status_code == 404
    assert browser.post(address, {"post": "yes"}).status_code in {404, 405}


def test_a_mass_action_without_the_right_is_forbidden_by_direct_post() -> None:
    viewer, victim = make_user(permissions=(VIEW,)), make_user()

    for action in ("revoke", "enable", "disable"):
        assert submit_action(signed_in(viewer), action, victim).status_code == 403


def test_the_right_to_revoke_is_not_the_right_to_disable() -> None:
    browser = signed_in(make_user(permissions=(VIEW, REVOKE)))
    victim = make_user()

    assert submit_action(browser, "revoke", victim).status_code == 200
    assert submit_action(browser, "disable", victim).status_code == 403
