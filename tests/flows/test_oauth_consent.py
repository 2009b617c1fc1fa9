"""Attacks 37 to 48: the decision is the person's own, and made once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import Settings

from agent_connector.models import AuthorizationCode, Connection, Event
from agent_connector.oauth.ticket import LIFETIME
from agent_connector.policy.site import resource_url, site_url
from tests.authorization import (
    STATE,
    answer_in,
    authorize_url,
    decide,
    ticket_on,
)
from tests.factories import PASSWORD, REDIRECT_URI, make_client, make_user
from tests.parallel import database_of_threads, in_parallel

pytestmark = pytest.mark.django_db

CHANGES = ("shop.view_product", "shop.change_product")


def assert_refused(response: Any) -> None:
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert not AuthorizationCode.objects.exists()


def test_an_authorized_client_gets_a_code_with_state_and_issuer(
    client: Browser,
) -> None:
    user = make_user(permissions=CHANGES)
    program = make_client("Codex")
    client.force_login(user)

    response = decide(client, authorize_url(program), level="write")

    answer = answer_in(response)
    connection = Connection.objects.get()
    assert response.status_code == 303
    assert response.headers["Location"].startswith(REDIRECT_URI + "?code=acc_")
    assert (answer["state"], answer["iss"]) == (STATE, site_url())
    assert answer.keys() == {"code", "state", "iss"}
    assert (connection.user, connection.client) == (user, program)
    assert (connection.level, connection.resource) == ("write", resource_url())
    assert connection.exchanged_at is None


def test_without_a_state_none_comes_back(client: Browser) -> None:
    client.force_login(make_user())

    response = decide(client, authorize_url(make_client(), state=None), level="read")

    assert answer_in(response).keys() == {"code", "iss"}


@pytest.mark.parametrize(
    ("posted", "days"),
    [({}, 180), ({"expires": ""}, 180), ({"expires": "1"}, 1), ({"expires": "90"}, 90)],
)
def test_a_person_chooses_when_the_connection_ends(
    client: Browser, posted: dict[str, str], days: int
) -> None:
    client.force_login(make_user())

    answer_in(decide(client, authorize_url(make_client()), level="read", **posted))

    connection = Connection.objects.get()
    lives = connection.absolute_expires_at - connection.created_at
    assert lives == timedelta(days=days)
    assert connection.expires_at <= connection.absolute_expires_at


@pytest.mark.parametrize("posted", ["0", "-1", "10", "30", "400", "7 days", ["1", "7"]])
def test_another_end_than_those_offered_is_the_page_again(
    client: Browser, settings: Settings, posted: Any
) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "CONNECTION_LIFETIME": timedelta(days=10),
    }
    client.force_login(make_user())

    page = decide(client, authorize_url(make_client()), level="read", expires=posted)

    text = page.content.decode()
    assert_refused(page)
    assert "This choice is not available" in text
    assert re.findall(r'<option value="(.*?)"', text) == ["", "1", "7"]
    assert 'id="level-read" required aria-describedby="level-read-text" checked' in text


def test_a_denial_is_told_to_the_client_and_on_the_record(client: Browser) -> None:
    user = make_user()
    client.force_login(user)

    response = decide(client, authorize_url(make_client("Codex")), decision="deny")

    answer = answer_in(response)
    assert response.status_code == 303
    assert answer["error"] == "access_denied"
    assert (answer["state"], answer["iss"]) == (STATE, site_url())
    event = Event.objects.get(kind=Event.Kind.CONSENT_DENIED)
    assert (event.user, event.detail) == (user, "Codex")
    assert not Connection.objects.exists()


@pytest.mark.spec("attacks", "37")
def test_a_post_without_the_csrf_token_is_forbidden() -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(make_user())
    url = authorize_url(make_client())
    ticket = ticket_on(browser.get(url))

    response = browser.post(
        url, {"ticket": ticket, "decision": "allow", "level": "read"}
    )

    assert response.status_code == 403
    assert not Connection.objects.exists()


@pytest.mark.spec("attacks", "38")
@pytest.mark.parametrize("ticket", ["", "x", "a" * 43])
def test_a_post_without_a_ticket_of_ours_is_refused(
    client: Browser, ticket: str
) -> None:
    client.force_login(make_user())
    url = authorize_url(make_client())
    client.get(url)

    assert_refused(
        client.post(url, {"ticket": ticket, "decision": "allow", "level": "read"})
    )


@pytest.mark.spec("attacks", "38")
@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://127.0.0.1:9999/callback"},
        {"scope": "read"},
        {"state": "other"},
        {"code_challenge": "x" * 43},
    ],
)
def test_a_ticket_holds_only_for_what_was_shown(
    client: Browser, changes: dict[str, str]
) -> None:
    program = make_client()
    client.force_login(make_user())
    ticket = ticket_on(client.get(authorize_url(program)))

    assert_refused(
        client.post(
            authorize_url(program, **changes),
            {"ticket": ticket, "decision": "allow", "level": "read"},
        )
    )


@pytest.mark.spec("attacks", "38 and 41")
def test_a_ticket_for_one_client_does_not_serve_another(client: Browser) -> None:
    client.force_login(make_user())
    ticket = ticket_on(client.get(authorize_url(make_client("Known"))))

    assert_refused(
        client.post(
            authorize_url(make_client("Evil")),
            {"ticket": ticket, "decision": "allow", "level": "read"},
        )
    )


@pytest.mark.spec("attacks", "39")
@pytest.mark.parametrize("first", ["allow", "deny"])
def test_a_ticket_counts_once(client: Browser, first: str) -> None:
    client.force_login(make_user())
    url = authorize_url(make_client())
    ticket = ticket_on(client.get(url))
    fields = {"ticket": ticket, "level": "read"}
    client.post(url, {**fields, "decision": first})
    before = Connection.objects.count()

    response = client.post(url, {**fields, "decision": "allow"})

    assert response.status_code == 400
    assert Connection.objects.count() == before


@pytest.fixture
def _shared_database(tmp_path: Path, transactional_db: None) -> Iterator[None]:
    with database_of_threads(tmp_path):
        yield


@pytest.mark.spec("attacks", "39")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_shared_database")
def test_of_parallel_posts_of_one_ticket_one_opens_a_connection() -> None:
    browser = Browser()
    browser.force_login(make_user())
    url = authorize_url(make_client())
    ticket = ticket_on(browser.get(url))

    def post() -> int:
        another = Browser()
        another.cookies = browser.cookies
        fields = {"ticket": ticket, "decision": "allow", "level": "read"}
        return int(another.post(url, fields).status_code)

    posts: list[Callable[[], int]] = [post] * 4
    answers = sorted(in_parallel(*posts))

    assert answers == [303, 400, 400, 400]
    assert Connection.objects.count() == 1


@pytest.mark.spec("attacks", "46")
def test_a_session_planted_before_the_login_cannot_approve(client: Browser) -> None:
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = client.cookies["panel_session"].value
    user = make_user()

    client.post(
        "/admin/login/", {"username": user.get_username(), "password": PASSWORD}
    )

    assert client.cookies["panel_session"].value != planted
    stranger = Browser()
    stranger.cookies["panel_session"] = planted
    assert stranger.get(authorize_url(make_client())).status_code == 302


@pytest.mark.spec("attacks", "47")
def test_whoever_signs_out_before_deciding_decides_nothing(client: Browser) -> None:
    client.force_login(make_user())
    url = authorize_url(make_client())
    fields = {
        "ticket": ticket_on(client.get(url)),
        "decision": "allow",
        "level": "read",
    }

    client.logout()
    anonymous = client.post(url, fields)
    client.force_login(make_user())
    other = client.post(url, fields)

    assert anonymous.headers["Location"].startswith("/admin/login/")
    assert_refused(other)


@pytest.mark.parametrize("end", ["disabled", "not staff"])
def test_whoever_loses_access_before_deciding_decides_nothing(
    client: Browser, end: str
) -> None:
    user = make_user()
    client.force_login(user)
    url = authorize_url(make_client())
    fields = {
        "ticket": ticket_on(client.get(url)),
        "decision": "allow",
        "level": "read",
    }
    if end == "disabled":
        user.mcp_access.enabled = False
        user.mcp_access.save()
    else:
        user.is_staff = False
        user.save()

    assert client.post(url, fields).status_code == 403
    assert not Connection.objects.exists()


@pytest.mark.spec("attacks", "48")
def test_two_tabs_have_a_ticket_each(client: Browser) -> None:
    client.force_login(make_user())
    one, other = authorize_url(make_client("One")), authorize_url(make_client("Other"))
    of_one, of_other = ticket_on(client.get(one)), ticket_on(client.get(other))
    fields = {"decision": "allow", "level": "read"}

    assert answer_in(client.post(other, {**fields, "ticket": of_other}))["code"]
    assert answer_in(client.post(one, {**fields, "ticket": of_one}))["code"]


def test_a_page_left_open_for_too_long_is_refused(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(make_user())
    url = authorize_url(make_client())
    fields = {
        "ticket": ticket_on(client.get(url)),
        "decision": "allow",
        "level": "read",
    }
    later = timezone.now() + LIFETIME
    monkeypatch.setattr(
        "agent_connector.oauth.views.authorize.timezone.now", lambda: later
    )

    assert_refused(client.post(url, fields))
