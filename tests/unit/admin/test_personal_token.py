"""Making a personal access token: confirmed, within limits, and shown once."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from agent_connector.connections import personal
from agent_connector.models import Connection, ConnectorSettings, Event, MCPAccess
from tests.factories import (
    PASSWORD,
    allow_personal_tokens,
    make_admin,
    make_personal,
    make_user,
)
from tests.screens import ACCOUNT, calls, signed_in, text_of

pytestmark = pytest.mark.django_db
FORM = f"{ACCOUNT}token/"
DAY_SECONDS = 86_400


@pytest.fixture
def user() -> User:
    allow_personal_tokens()
    return make_user("jane", permissions=("shop.change_product",))


@pytest.fixture
def browser(user: User) -> Client:
    return signed_in(user)


def send(browser: Client, **values: str) -> Any:
    sound = {
        "label": "nightly report",
        "level": "read",
        "lifetime": str(7 * DAY_SECONDS),
        "password": PASSWORD,
    }
    return browser.post(FORM, {**sound, **values})


def token_in(page: Any) -> str:
    found = re.findall(r"acp_[0-9A-Za-z]{46}", page.content.decode())
    assert len(found) == 1
    return str(found[0])


def mark_on(page: Any) -> str:
    found = re.findall(r'name="once" value="([^"]+)"', page.content.decode())
    assert len(found) == 1
    return str(found[0])


def test_to_reload_the_page_that_shows_it_makes_no_other(browser: Client) -> None:
    mark = mark_on(browser.get(FORM))
    token_in(send(browser, once=mark))

    again = send(browser, once=mark)

    assert again.status_code == 302
    assert Connection.objects.count() == 1
    assert "This form was sent before" in text_of(browser.get(ACCOUNT))
    token_in(send(browser, once=mark_on(browser.get(FORM))))


def test_the_page_that_answers_shows_it_and_it_works(browser: Client) -> None:
    page = send(browser)

    token = token_in(page)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert calls(token) == 200
    connection = Connection.objects.get()
    assert connection.expires_at - connection.created_at == timedelta(days=7)
    assert "nightly report" in text_of(browser.get(ACCOUNT))


def test_it_is_shown_once_and_kept_nowhere(
    browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    token = token_in(send(browser))

    for address in (FORM, ACCOUNT, FORM):
        assert token not in browser.get(address).content.decode()
    assert token not in caplog.text
    kept = [one.get_decoded() for one in Session.objects.all()]
    assert token not in f"{kept} {list(Event.objects.values())}"
    assert token not in str(browser.cookies)


def test_no_value_on_the_page_has_its_text_in_its_repr(browser: Client) -> None:
    page = send(browser)

    assert token_in(page) not in repr(page.context_data)


def test_nothing_is_chosen_beforehand_and_what_is_closed_says_why() -> None:
    allow_personal_tokens()
    user = make_user(permissions=("shop.change_product",))
    MCPAccess.objects.filter(user=user).update(ceiling="write")

    page = signed_in(user).get(FORM)

    html = page.content.decode()
    assert " checked" not in html
    assert re.search(r'value="delete"[^>]* disabled', html)
    assert "Not available: An administrator limits what your clients may do." in (
        text_of(page)
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"label": "  "}, "Give the token a name."),
        ({"label": "\u202e\u200b"}, "Give the token a name."),
        ({"label": "x" * 101}, "at most 100 characters"),
        ({"level": ""}, "Choose what the token may do."),
        ({"level": "delete"}, "Choose one of the levels that are open."),
        ({"lifetime": str(91 * DAY_SECONDS)}, "This site allows no such lifetime."),
        ({"lifetime": "-1"}, "This site allows no such lifetime."),
        ({"lifetime": "for ever"}, "This site allows no such lifetime."),
        ({"password": ""}, "Enter your password to confirm."),
        ({"password": "wrong"}, "This is not your current password"),
    ],
)
def test_what_is_wrong_makes_none_and_says_so(
    browser: Client, values: dict[str, str], sentence: str
) -> None:
    page = send(browser, **values)

    assert sentence in text_of(page)
    assert not Connection.objects.exists()


def test_a_token_is_no_name(browser: Client, user: User) -> None:
    other = make_personal(user).text

    page = send(browser, label=other)

    assert "This is a token, not a name." in text_of(page)


def test_after_five_wrong_passwords_the_right_one_is_not_asked(browser: Client) -> None:
    for _ in range(5):
        send(browser, password="wrong")

    send(browser)

    assert not Connection.objects.exists()
    assert Event.objects.filter(kind="password_refused").count() == 6


@pytest.mark.parametrize("says", [True, False])
def test_who_has_no_password_here_confirms_through_the_other_system(
    browser: Client,
    user: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    says: bool,  # noqa: FBT001  # a table
) -> None:
    user.set_unusable_password()
    user.save()
    browser.force_login(user)
    monkeypatch.setattr(f"{__name__}.has_just_signed_in", lambda _: says)
    hook = f"{__name__}.has_just_signed_in"
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "REAUTHENTICATE": hook}

    send(browser)

    assert Connection.objects.filter(origin="personal").exists() is says


def has_just_signed_in(request: object) -> bool:
    del request
    return False


def test_the_lifetimes_go_up_to_the_maximum_of_the_site(browser: Client) -> None:
    allow_personal_tokens(longest_days=45)

    html = browser.get(FORM).content.decode()

    offered = [
        int(seconds) // DAY_SECONDS
        for seconds in re.findall(r'<option value="(\d+)"', html)
    ]
    assert offered == [1, 7, 30, 45]


def _off() -> None:
    ConnectorSettings.objects.update(personal_access_tokens=False)


def _disabled() -> None:
    MCPAccess.objects.update(enabled=False)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_off, "Personal access tokens are not allowed on this site"),
        (_disabled, "MCP access is disabled for you"),
    ],
)
def test_who_may_have_none_is_told_why_on_both_pages(
    browser: Client, spoil: Any, reason: str
) -> None:
    spoil()

    account, form, sent = browser.get(ACCOUNT), browser.get(FORM), send(browser)

    assert [reason in text_of(page) for page in (account, form, sent)] == [True] * 3
    assert [form.status_code, sent.status_code] == [403, 403]
    assert FORM not in account.content.decode()
    assert not Connection.objects.exists()


def test_one_too_many_is_refused_with_what_to_do(
    browser: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal, "MOST_ACTIVE", 1)
    make_personal(user)

    page = send(browser)

    assert "Revoke one first." in text_of(page)
    assert Connection.objects.count() == 1


def test_a_site_without_an_address_makes_none(browser: Client, settings: Any) -> None:
    settings.AGENT_CONNECTOR = {"ADMIN_SITE": "panel.site.site"}

    page = send(browser)

    assert page.status_code == 403
    assert "has not been told its address" in text_of(page)


def test_the_guides_show_the_form_with_a_token_only_where_the_site_allows_them(
    browser: Client,
) -> None:
    allowed = text_of(browser.get(ACCOUNT))
    _off()
    off = text_of(browser.get(ACCOUNT))

    assert "With a personal access token" in allowed
    assert "Not possible: this product only signs in through OAuth." in allowed
    assert "With a personal access token" not in off


def test_an_administrator_makes_one_only_for_oneself() -> None:
    root = make_admin("root")
    allow_personal_tokens()

    send(signed_in(root))

    assert Connection.objects.get().user == root
