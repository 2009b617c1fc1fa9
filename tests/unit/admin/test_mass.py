"""The grid's mass actions, each with a page that says what it will affect."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agent_connector.admin import mass
from agent_connector.models import Connection, Event, MCPAccess
from tests.factories import (
    PASSWORD,
    make_admin,
    make_client,
    make_connection,
    make_user,
)
from tests.screens import (
    CHANGE,
    GRID,
    VIEW,
    confirm_action,
    messages_in,
    shown_on,
    signed_in,
    submit_action,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def _connected(count: int, **fields: object) -> User:
    user = make_user(**fields)  # type: ignore[arg-type]  # handed on by name
    for _ in range(count):
        make_connection(user, make_client())
    return user


def _live() -> int:
    return Connection.objects.filter(revoked_at=None).count()


def test_the_page_between_names_users_and_counts_tokens(browser: Client) -> None:
    jane = _connected(2, first_name="Jane", last_name="Doe")
    other = _connected(1)

    text = text_of(submit_action(browser, "revoke", jane, other))

    assert "Users 2" in text.replace("2 Users", "Users 2")
    assert "Active Tokens 3" in text.replace("3 Active Tokens", "Active Tokens 3")
    assert "Jane Doe" in text
    assert _live() == 3


def test_of_two_actions_the_page_between_asks_for_the_one_that_runs(
    browser: Client,
) -> None:
    jane = _connected(1)

    page = submit_action(browser, ["revoke", "nonsense"], jane)

    assert page.status_code == 200
    assert page.context["action_name"] == "revoke"


def test_the_page_between_names_the_first_twenty(browser: Client) -> None:
    users = [make_user(f"somebody{number:02}") for number in range(23)]

    text = text_of(submit_action(browser, "revoke", *users))

    assert "somebody19" in text
    assert "somebody20" not in text
    assert "and 3 more" in text


def test_a_confirmed_revoke_says_how_many_tokens_of_how_many_users(
    browser: Client,
) -> None:
    users = [_connected(2), _connected(3), make_user()]
    untouched = _connected(1)

    page = confirm_action(browser, "revoke", *users)

    assert messages_in(page) == ["Revoked 5 tokens of 2 users."]
    assert _live() == 1
    assert Connection.objects.get(user=untouched).revoked_at is None
    reasons = set(
        Connection.objects.exclude(user=untouched).values_list("revoked_reason")
    )
    assert reasons == {("admin",)}


def test_one_token_of_one_user_is_said_in_the_singular(browser: Client) -> None:
    page = confirm_action(browser, "revoke", _connected(1))

    assert messages_in(page) == ["Revoked 1 token of 1 user."]


def test_revoking_where_nothing_is_active_is_said(browser: Client) -> None:
    page = confirm_action(browser, "revoke", make_user())

    assert messages_in(page) == ["There was no active token to revoke."]


def test_all_across_pages_means_all_that_the_filter_shows(browser: Client) -> None:
    chosen = _connected(1, username="match1")
    _connected(1, username="match2")
    spared = _connected(1, username="other")
    filtered = f"{GRID}?q=match"

    page = submit_action(browser, "revoke", chosen, url=filtered, select_across="1")
    assert 'name="select_across" value="1"' in page.content.decode()
    assert f'action="{filtered}"' in page.content.decode()
    page = confirm_action(browser, "revoke", chosen, url=filtered, select_across="1")

    assert messages_in(page) == ["Revoked 2 tokens of 2 users."]
    assert Connection.objects.get(user=spared).revoked_at is None


def test_large_selections_go_in_batches(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mass, "BATCH", 2)
    users = [_connected(1) for _ in range(5)]

    page = confirm_action(browser, "revoke", *users)

    assert messages_in(page) == ["Revoked 5 tokens of 5 users."]


def test_enabling_needs_the_password_and_revives_nothing(browser: Client) -> None:
    was_on = _connected(1)
    confirm_action(browser, "disable", was_on, password=PASSWORD)
    new = make_user(enabled=False)

    page = submit_action(browser, "enable", was_on, new)
    assert 'type="password"' in page.content.decode()
    page = confirm_action(browser, "enable", was_on, new, password=PASSWORD)

    assert messages_in(page) == ["MCP access enabled for 2 users."]
    assert MCPAccess.objects.filter(enabled=True).count() == 2
    assert _live() == 0


def test_disabling_revokes_and_says_so(browser: Client) -> None:
    users = [_connected(2), _connected(1), make_user()]

    page = confirm_action(browser, "disable", *users, password=PASSWORD)

    assert messages_in(page) == [
        "MCP access disabled for 3 users. Revoked 3 tokens of 2 users."
    ]
    assert not MCPAccess.objects.filter(enabled=True).exists()
    assert _live() == 0


@pytest.mark.parametrize("action", ["enable", "disable"])
@pytest.mark.parametrize("password", ["wrong", "", None])
def test_without_the_right_password_nothing_changes(
    browser: Client, action: str, password: str | None
) -> None:
    on, off = _connected(1), make_user(enabled=False)
    given = {} if password is None else {"password": password}

    page = confirm_action(browser, action, on, off, **given)

    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert 'value="wrong"' not in page.content.decode()
    assert MCPAccess.objects.filter(enabled=True).count() == 1
    assert _live() == 1
    refused = Event.objects.filter(kind=Event.Kind.PASSWORD_REFUSED)
    assert refused.exists() is bool(password)


def test_superusers_are_left_out_by_lesser_administrators() -> None:
    above, below = _connected(1, is_superuser=True), _connected(1)
    browser = signed_in(make_user(permissions=(VIEW, CHANGE)))

    text = text_of(submit_action(browser, "disable", above, below))
    page = confirm_action(browser, "disable", above, below, password=PASSWORD)

    assert "1 selected user is left out" in text
    assert messages_in(page) == [
        "MCP access disabled for 1 user. Revoked 1 token of 1 user."
    ]
    assert MCPAccess.objects.get(user=above).enabled


def test_a_selection_of_nobody_one_may_change_offers_no_button() -> None:
    above = make_user(is_superuser=True)
    browser = signed_in(make_user(permissions=(VIEW, CHANGE)))

    page = confirm_action(browser, "disable", above, password=PASSWORD)

    assert "There is no selected user to whom you may do this." in text_of(page)
    assert MCPAccess.objects.get(user=above).enabled


def test_nothing_selected_or_chosen_is_a_message(browser: Client) -> None:
    nobody = browser.post(GRID, {"action": "revoke", "index": "0"}, follow=True)
    nothing = submit_action(browser, "", make_user())

    assert messages_in(nobody)
    assert nothing.status_code == 302


def test_the_selection_is_judged_before_any_of_it_happens(browser: Client) -> None:
    user = _connected(1)
    form = {
        "action": "revoke",
        "confirm": "yes",
        "_selected_action": [user.pk, "x"],
    }

    assert browser.post(GRID, form).status_code == 400
    assert _live() == 1


def test_a_selection_that_changed_since_it_was_shown_is_shown_again(
    browser: Client,
) -> None:
    shown, added = _connected(1), _connected(1)
    seal = shown_on(submit_action(browser, "revoke", shown))

    more = {"confirm": "yes", "shown": seal}
    page = submit_action(browser, "revoke", shown, added, **more)

    assert "The selection has changed" in text_of(page)
    assert _live() == 2


def test_a_password_is_not_asked_about_what_was_not_shown(browser: Client) -> None:
    given = {"confirm": "yes", "password": PASSWORD, "shown": "forged"}

    page = submit_action(browser, "disable", _connected(1), **given)

    assert "The selection has changed" in text_of(page)
    assert _live() == 1


@pytest.mark.parametrize(
    ("action", "mark"),
    [("enable", "Ann Enabled already"), ("disable", "Bob Disabled already")],
)
def test_who_needs_no_change_is_marked(browser: Client, action: str, mark: str) -> None:
    ann = make_user("ann", first_name="Ann")
    bob = make_user("bob", first_name="Bob", enabled=False)

    text = text_of(submit_action(browser, action, ann, bob))

    assert mark in text
    assert text.count(" already ") == 1
    assert "1 of them is" in text


def test_the_viewer_is_warned_of_disabling_himself_without_any_token() -> None:
    root = make_admin("root")
    browser = signed_in(root)

    own = text_of(submit_action(browser, "disable", root, make_user()))
    others = text_of(submit_action(browser, "disable", make_user()))

    assert "your own MCP access will be disabled" in own
    assert "your own MCP access" not in others
