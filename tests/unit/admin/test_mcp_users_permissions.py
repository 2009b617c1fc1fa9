"""Every address of the screens, for everybody who may come."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agent_connector.models import Connection, Event, MCPAccess
from tests.factories import make_admin, make_connection, make_user
from tests.screens import ACCOUNT, CHANGE, GRID, REVOKE, VIEW, screen

pytestmark = pytest.mark.django_db

LOGIN = 302
PRINCIPALS: dict[str, Callable[[], User | None]] = {
    "anonymous": lambda: None,
    "customer": lambda: make_user(is_staff=False),
    "inactive": lambda: make_user(is_active=False, is_superuser=True),
    "staff": make_user,
    "viewer": lambda: make_user(permissions=(VIEW,)),
    "revoker": lambda: make_user(permissions=(VIEW, REVOKE)),
    "changer": lambda: make_user(permissions=(VIEW, CHANGE)),
    "blind changer": lambda: make_user(permissions=(CHANGE, REVOKE)),
    "superuser": lambda: make_admin("root"),
}
_OUTSIDE = dict.fromkeys(
    ["grid", "account", "info", "tokens", "access", "revoke", "token_revoke"], LOGIN
)
_INSIDE = {
    "grid": 403,
    "account": 200,
    "info": 403,
    "tokens": 403,
    "access": 403,
    "revoke": 403,
    "token_revoke": 403,
}
_VIEWS = {**_INSIDE, "grid": 200, "info": 200, "tokens": 200}
EXPECTED = {
    "anonymous": _OUTSIDE,
    "customer": _OUTSIDE,
    "inactive": _OUTSIDE,
    "staff": _INSIDE,
    "viewer": _VIEWS,
    "revoker": {**_VIEWS, "revoke": 200, "token_revoke": 200},
    "changer": {**_VIEWS, "access": 200},
    "blind changer": _INSIDE,
    "superuser": {**_VIEWS, "access": 200, "revoke": 200, "token_revoke": 200},
}


def _addresses(user: User, connection: Connection) -> dict[str, str]:
    return {
        "grid": GRID,
        "account": ACCOUNT,
        "info": screen("info", user),
        "tokens": screen("tokens", user),
        "access": screen("access", user),
        "revoke": screen("revoke", user),
        "token_revoke": screen("token_revoke", user, connection.public_id),
    }


def _browser_of(principal: str) -> Client:
    browser, user = Client(), PRINCIPALS[principal]()
    if user is not None:
        browser.force_login(user)
    return browser


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_every_address_answers_as_its_viewer_may(principal: str) -> None:
    victim = make_user("victim")
    connection, _ = make_connection(victim)
    browser = _browser_of(principal)

    answers = {
        name: browser.get(address).status_code
        for name, address in _addresses(victim, connection).items()
    }

    assert answers == EXPECTED[principal]


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_looking_changes_nothing(principal: str) -> None:
    victim = make_user("victim")
    connection, _ = make_connection(victim)
    events = Event.objects.count()
    browser = _browser_of(principal)
    query = "?confirm=yes&access=disabled&password=x"

    for address in _addresses(victim, connection).values():
        browser.get(address + query if "?" not in address else address)
        browser.head(address)
        browser.options(address)

    assert Event.objects.count() == events
    assert MCPAccess.objects.get(user=victim).enabled
    assert Connection.objects.get(pk=connection.pk).revoked_at is None


@pytest.mark.parametrize("principal", [*PRINCIPALS])
def test_only_who_may_can_change_by_direct_post(principal: str) -> None:
    victim = make_user("victim")
    connection, _ = make_connection(victim)
    addresses = _addresses(victim, connection)
    browser = _browser_of(principal)
    may = EXPECTED[principal]["token_revoke"] == 200

    for name in ("revoke", "token_revoke"):
        browser.post(addresses[name], {"confirm": "yes"})

    connection.refresh_from_db()
    assert (connection.revoked_at is not None) is may


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(method: str) -> None:
    victim = make_user("victim")
    connection, _ = make_connection(victim)
    browser = _browser_of("superuser")

    answers = {
        getattr(browser, method)(address).status_code
        for address in _addresses(victim, connection).values()
    }

    assert answers == {405}


def test_every_change_needs_the_csrf_token() -> None:
    victim = make_user("victim")
    connection, _ = make_connection(victim)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_admin("root"))
    form = {"confirm": "yes", "action": "revoke", "_selected_action": victim.pk}

    answers = {
        browser.post(address, form).status_code
        for name, address in _addresses(victim, connection).items()
        if name not in {"account", "info", "tokens"}
    }

    assert answers == {403}
    connection.refresh_from_db()
    assert connection.revoked_at is None


@pytest.mark.parametrize("principal", ["staff", "blind changer"])
def test_without_the_right_to_look_nobody_learns_who_exists(principal: str) -> None:
    browser = _browser_of(principal)

    for pk in ("999999", "abc"):
        assert browser.get(f"{GRID}{pk}/info/").status_code == 403


def test_everybody_sees_and_revokes_their_own() -> None:
    user = make_user()
    mine, _ = make_connection(user)
    browser = Client()
    browser.force_login(user)

    answers = {
        name: browser.get(address).status_code
        for name, address in _addresses(user, mine).items()
    }

    assert answers == {
        "grid": 403,
        "account": 200,
        "info": 200,
        "tokens": 200,
        "access": 403,
        "revoke": 200,
        "token_revoke": 200,
    }


def test_a_token_of_somebody_else_is_unknown_on_ones_own_page() -> None:
    user = make_user()
    foreign, _ = make_connection(make_user())
    browser = Client()
    browser.force_login(user)

    for public_id in (foreign.public_id, uuid.uuid4()):
        address = screen("token_revoke", user, public_id)
        assert browser.post(address, {"confirm": "yes"}).status_code == 404

    foreign.refresh_from_db()
    assert foreign.revoked_at is None
