"""The MCP page of a role shows, stores and records what it leaves to agents."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from agent_connector.models import Event, RolePolicy
from tests.factories import make_admin, make_user
from tests.screens import messages_in, signed_in, text_of

pytestmark = pytest.mark.django_db

SETTINGS = "agent_connector.change_connectorsettings"


@pytest.fixture
def role() -> Group:
    return Group.objects.create(name="Editors")


@pytest.fixture
def browser() -> Client:
    return signed_in(make_user(permissions=(SETTINGS,)))


def page_of(role: Group) -> str:
    return reverse("admin:agent_connector_mcpuser_role", args=[role.pk])


def save(browser: Client, role: Group, **form: Any) -> Any:
    return browser.post(page_of(role), form, follow=True)


def test_a_role_without_limits_has_nothing_ticked(browser: Client, role: Group) -> None:
    page = browser.get(page_of(role))

    assert page.status_code == 200
    assert b" checked" not in page.content
    shown = text_of(page)
    assert re.search(r'placeholder="100"[^>]*> <span[^>]*>rows</span>', page.text)
    assert re.search(r'placeholder="300"[^>]*> <span[^>]*>calls</span>', page.text)
    for word in ("Editors", "search_records", "update_record", "shop.product"):
        assert word in shown
    assert "auth.user" not in shown


def test_limits_are_stored_shown_and_recorded(browser: Client, role: Group) -> None:
    page = save(browser, role, tools=["whoami", "get_record"], models=["shop.product"])

    policy = RolePolicy.objects.get(group=role)
    assert set(policy.allowed_tools) == {"whoami", "get_record"}
    assert policy.allowed_models == ["shop.product"]
    assert not policy.read_only
    assert page.content.count(b" checked") == 3
    event = Event.objects.get(kind=Event.Kind.ROLE_CHANGED)
    assert event.detail == (
        "Editors: allowed_tools: all → whoami, get_record;"
        " allowed_models: all → shop.product"
    )
    assert event.actor is not None


def test_a_role_that_limits_nothing_any_more_has_no_row(
    browser: Client, role: Group
) -> None:
    save(browser, role, read_only="on")
    first = RolePolicy.objects.filter(group=role, read_only=True).exists()

    save(browser, role)

    assert first
    assert not RolePolicy.objects.exists()
    assert Event.objects.filter(kind=Event.Kind.ROLE_CHANGED).count() == 2


def test_saving_what_is_stored_is_said_and_not_recorded(
    browser: Client, role: Group
) -> None:
    page = save(browser, role)

    assert messages_in(page) == ["It was so already. Nothing was changed."]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "form", [{"tools": ["no_such_tool"]}, {"models": ["auth.user"]}]
)
def test_a_choice_that_is_not_offered_changes_nothing(
    browser: Client, role: Group, form: dict[str, Any]
) -> None:
    page = save(browser, role, **form)

    assert "Nothing was saved" in text_of(page)
    assert not RolePolicy.objects.exists()


def test_what_is_gone_stays_chosen_so_that_only_this_does_not_become_all(
    browser: Client, role: Group
) -> None:
    RolePolicy.objects.create(
        group=role, allowed_tools=["old_tool"], allowed_models=["old.model"]
    )

    page = browser.get(page_of(role))
    save(browser, role, tools=["old_tool"], models=["old.model"])

    assert text_of(page).count("no longer known") == 3
    assert RolePolicy.objects.get(group=role).allowed_models == ["old.model"]


def test_a_role_that_is_not_there_is_missing(browser: Client, role: Group) -> None:
    url = page_of(role)
    role.delete()

    assert browser.get(url).status_code == 404
    assert browser.post(url, {}).status_code == 404


@pytest.mark.parametrize("permission", ["auth.change_group", "auth.view_group"])
def test_whoever_may_only_change_roles_does_not_change_their_limits(
    role: Group, permission: str
) -> None:
    browser = signed_in(make_user(permissions=(permission,)))

    assert browser.get(page_of(role)).status_code == 403
    assert browser.post(page_of(role), {"read_only": "on"}).status_code == 403
    assert not RolePolicy.objects.exists()


def test_the_page_leads_to_the_role_and_back(role: Group) -> None:
    browser = signed_in(make_admin())

    page = browser.get(page_of(role))

    assert reverse("admin:auth_group_change", args=[role.pk]) in page.content.decode()


def test_a_name_is_shown_as_text(browser: Client) -> None:
    role = Group.objects.create(name="<script>alert(1)</script>")

    assert b"<script>alert" not in browser.get(page_of(role)).content


def test_numbers_are_stored_shown_recorded_and_taken_back(
    browser: Client, role: Group
) -> None:
    page = save(browser, role, rows_per_call="5", calls_per_minute="20")

    policy = RolePolicy.objects.get(group=role)
    assert (policy.rows_per_call, policy.calls_per_minute) == (5, 20)
    for number in ("5", "20"):
        assert f'value="{number}"' in page.content.decode()
    assert Event.objects.get().detail == (
        "Editors: rows_per_call: as the site → 5; calls_per_minute: as the site → 20"
    )
    save(browser, role)
    assert not RolePolicy.objects.exists()
    assert "calls_per_minute: 20 → as the site" in Event.objects.latest("pk").detail


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "many", "999999999"])
@pytest.mark.parametrize("name", ["rows_per_call", "calls_per_minute"])
def test_a_number_that_makes_no_sense_is_marked_and_nothing_saved(
    browser: Client, role: Group, name: str, number: str
) -> None:
    page = save(browser, role, read_only="on", **{name: number})

    assert "Nothing was saved. Correct what is marked below." in text_of(page)
    assert 'aria-invalid="true"' in page.content.decode()
    assert not RolePolicy.objects.exists()
