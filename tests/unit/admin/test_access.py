"""Enable or disable MCP access of one user, with the administrator's password."""

from __future__ import annotations

import pytest
from django.test import Client

from agent_connector.models import Connection, Event, MCPAccess
from tests.factories import (
    PASSWORD,
    make_admin,
    make_client,
    make_connection,
    make_user,
)
from tests.screens import (
    ACCOUNT,
    CHANGE,
    GRID,
    VIEW,
    messages_in,
    screen,
    set_access,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def test_disabling_says_what_it_did(browser: Client) -> None:
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    for _ in range(3):
        make_connection(jane, make_client())

    page = set_access(browser, jane, "disabled")

    [said] = messages_in(page)
    assert said.startswith("MCP access disabled. 3 tokens of Jane Doe revoked.")
    assert said.endswith(" Each client must be authorized again.")
    assert not MCPAccess.objects.get(user=jane).enabled
    reasons = set(Connection.objects.values_list("revoked_reason", flat=True))
    assert reasons == {"disabled"}


def test_disabling_without_tokens_says_so(browser: Client) -> None:
    page = set_access(browser, make_user("jane"), "disabled")

    assert messages_in(page) == ["MCP access disabled. jane had no active token."]


def test_enabling_again_revives_nothing(browser: Client) -> None:
    jane = make_user("jane")
    make_connection(jane)
    set_access(browser, jane, "disabled")

    page = set_access(browser, jane, "enabled")

    assert messages_in(page) == ["MCP access enabled. jane can authorize clients now."]
    assert MCPAccess.objects.get(user=jane).enabled
    assert not Connection.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("access", ["enabled", "disabled"])
def test_saving_the_present_state_is_said(browser: Client, access: str) -> None:
    jane = make_user("jane", enabled=access == "enabled")

    page = set_access(browser, jane, access)

    assert messages_in(page) == [
        f"MCP access of jane is {access} already. Nothing was changed."
    ]


def test_the_act_is_recorded_with_actor_and_address(browser: Client) -> None:
    jane = make_user("jane", enabled=False)

    set_access(browser, jane, "enabled")

    event = Event.objects.get(kind=Event.Kind.ACCESS_ENABLED)
    assert event.actor is not None
    assert (event.actor.username, event.user, event.address) == (
        "root",
        jane,
        "127.0.0.1",
    )


def test_a_wrong_password_changes_nothing_and_is_recorded(browser: Client) -> None:
    jane = make_user("jane")
    make_connection(jane)

    page = set_access(browser, jane, "disabled", password="wrong")

    assert "This is not your current password" in text_of(page)
    assert 'aria-invalid="true"' in page.content.decode()
    assert 'value="wrong"' not in page.content.decode()
    assert MCPAccess.objects.get(user=jane).enabled
    assert Connection.objects.filter(revoked_at=None).count() == 1
    event = Event.objects.get(kind=Event.Kind.PASSWORD_REFUSED)
    assert event.user == jane
    assert "wrong" not in event.detail


def test_the_password_of_the_user_is_not_the_administrators(browser: Client) -> None:
    jane = make_user("jane")
    jane.set_password("janes own")
    jane.save()

    set_access(browser, jane, "disabled", password="janes own")

    assert MCPAccess.objects.get(user=jane).enabled


@pytest.mark.parametrize("access", ["", "on", "Enabled", "enabled\x00"])
def test_an_unknown_state_is_refused_on_the_page(browser: Client, access: str) -> None:
    jane = make_user("jane")

    page = set_access(browser, jane, access)

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert MCPAccess.objects.get(user=jane).enabled


def test_only_superusers_change_the_access_of_superusers() -> None:
    above = make_admin("above")
    browser = signed_in(make_user(permissions=(VIEW, CHANGE)))

    assert set_access(browser, above, "disabled").status_code == 403
    assert MCPAccess.objects.get(user=above).enabled


def test_the_link_of_the_row_menu_leaves_nothing_to_choose(browser: Client) -> None:
    address = screen("access", make_user("jane"))

    chosen = browser.get(f"{address}?access=disabled").content.decode()
    odd = browser.get(f"{address}?access=nonsense").content.decode()

    assert '<input type="hidden" name="access" value="disabled">' in chosen
    assert "<h1>Disable MCP access</h1>" in chosen
    assert '<option value="enabled" selected>' in odd


def test_the_page_leads_back_to_where_it_was_opened(browser: Client) -> None:
    back = f"{GRID}?q=jane"

    page = set_access(browser, make_user("jane"), "disabled", next=back)

    assert page.redirect_chain == [(back, 302)]


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "nowhere"])
def test_it_never_leads_to_another_site_or_breaks(browser: Client, evil: str) -> None:
    jane = make_user("jane")
    form = {"access": "disabled", "password": PASSWORD, "next": evil}

    answer = browser.post(screen("access", jane), form)

    assert answer.status_code == 302
    assert "evil.example" not in answer.headers["Location"]


@pytest.mark.parametrize("place", ["info", "account"])
def test_an_error_comes_back_on_the_page_that_the_form_stood_on(place: str) -> None:
    root = make_admin("root")
    address = ACCOUNT if place == "account" else screen("info", root)

    page = set_access(signed_in(root), root, "disabled", password="wrong", next=address)

    assert "AI Client Configuration" in text_of(page)
    assert "This is not your current password" in text_of(page)


def test_disabling_oneself_asks_for_the_password_like_any_other() -> None:
    root = make_admin("root")
    browser = signed_in(root)

    set_access(browser, root, "disabled", password="wrong")
    assert MCPAccess.objects.get(user=root).enabled

    set_access(browser, root, "disabled")
    assert not MCPAccess.objects.get(user=root).enabled
