"""The timeline on MCP Info and Account Setting, and its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from agent_connector.admin import events as module
from agent_connector.audit.record import record_event
from agent_connector.models import Event
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_connection,
    make_user,
)
from tests.screens import ACCOUNT, VIEW, screen, signed_in, text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db


def fill(user: User, number: int) -> None:
    for place in range(number):
        record_event(
            Event.Kind.CONSENT_DENIED,
            now=NOON + timedelta(minutes=place),
            user=user,
            actor=user,
            detail=f"program-{place:03}.",
        )


def shown(text: str) -> list[int]:
    """Return the numbers of the events on a page, in its order."""
    return [int(part[:3]) for part in text.split("program-")[1:]]


def test_the_tab_shows_the_newest_first_and_leads_to_all() -> None:
    user = make_user()
    fill(user, 21)
    browser = signed_in(make_admin())

    page = browser.get(screen("info", user))

    assert shown(text_of(page)) == list(range(20, 0, -1))
    assert screen("events", user) in page.content.decode()
    every = text_of(browser.get(screen("events", user)))
    assert shown(every) == list(range(20, -1, -1))


def test_where_all_is_shown_no_link_leads_to_more() -> None:
    user = make_user()
    fill(user, 20)

    page = signed_in(make_admin()).get(screen("info", user))

    assert len(shown(text_of(page))) == 20
    assert screen("events", user) not in page.content.decode()


def test_everybody_sees_the_own_timeline_on_account_setting() -> None:
    user, other = make_user(), make_user()
    fill(other, 1)
    record_event(Event.Kind.PASSWORD_REFUSED, now=NOON, user=user, actor=user)
    browser = signed_in(user)

    text = text_of(browser.get(ACCOUNT))

    assert "Password confirmation failed" in text
    assert shown(text) == []
    assert browser.get(screen("events", user)).status_code == 200
    assert browser.get(screen("events", other)).status_code == 403


def test_viewers_of_mcp_users_may_look() -> None:
    viewer = signed_in(make_user(permissions=(VIEW,)))

    assert viewer.get(screen("events", make_user())).status_code == 200


@pytest.mark.parametrize("name", ["info", "events"])
def test_a_user_with_nothing_is_told_so(name: str) -> None:
    text = text_of(signed_in(make_admin()).get(screen(name, make_user())))

    assert "Nothing has happened yet." in text


def test_a_long_life_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINES_PER_PAGE", 2)
    user = make_user()
    fill(user, 5)
    browser, address = signed_in(make_admin()), screen("events", user)

    first = browser.get(address)

    assert "Page 1 of 3" in text_of(first)
    assert shown(text_of(first)) == [4, 3]
    assert shown(text_of(browser.get(f"{address}?page=3"))) == [0]
    assert browser.get(f"{address}?page=abc").status_code == 200
    assert browser.get(f"{address}?page=99").status_code == 200


@pytest.mark.parametrize("name", ["info", "events"])
def test_the_price_does_not_grow_with_the_events(name: str) -> None:
    browser, user = signed_in(make_admin()), make_user()
    make_connection(user, make_client(), now=NOON)
    browser.get(screen(name, user))

    with statements() as few:
        browser.get(screen(name, user))
    fill(user, 15)
    with statements() as many:
        browser.get(screen(name, user))

    assert len(few) == len(many)


def test_a_hostile_name_is_text() -> None:
    user = make_user()
    make_connection(user, make_client("<img src=x onerror=alert(1)>"), now=NOON)

    page = signed_in(make_admin()).get(screen("events", user)).content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
