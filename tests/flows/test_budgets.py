"""What a request costs the database, from its first byte to the answer."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from tests.authorization import REVOKE, ask_refresh, ask_token, post_form
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_code,
    make_connection,
    make_user,
)
from tests.screens import GRID, shown_on, signed_in
from tests.statements import statements
from tests.wire import send

pytestmark = pytest.mark.django_db


def test_a_call_is_verified_by_one_statement() -> None:
    """The first call of all writes down, once, that the token has arrived."""
    _, pair = make_connection(make_user())

    with statements() as first:
        assert send(pair.access).status_code == 200
    with statements() as seen:
        assert send(pair.access).status_code == 200

    assert len(first) == 2
    assert len(seen) == 1


@pytest.mark.parametrize("token", ["junk", "aca_" + "0" * 46, "acr_" + "0" * 46])
def test_a_malformed_token_costs_no_statement(token: str) -> None:
    with statements() as seen:
        assert send(token).status_code == 401

    assert seen == []


def test_what_a_request_of_a_client_costs_as_a_whole(client: Browser) -> None:
    """The first exchange of a client writes one row more, once: its registration."""
    program = make_client(first_used_at=NOON)
    code = make_code(make_user(), program)

    with statements() as exchanged:
        given = ask_token(client, client_id=program.client_id, code=code)
    refresh = given.json()["refresh_token"]
    with statements() as refreshed:
        ask_refresh(client, client_id=program.client_id, refresh_token=refresh)
    with statements() as revoked:
        post_form(client, REVOKE, client_id=program.client_id, token=refresh)

    assert len(exchanged) <= 6
    assert len(refreshed) <= 6
    assert len(revoked) <= 6


@pytest.mark.parametrize("users", [2, 40])
def test_a_mass_revoke_costs_the_same_whatever_the_number(users: int) -> None:
    browser = signed_in(make_admin())
    chosen = [make_user() for _ in range(users)]
    for user in chosen:
        make_connection(user, make_client())
    form = {"action": "revoke", "_selected_action": [user.pk for user in chosen]}
    form["shown"] = shown_on(browser.post(GRID, form))

    with statements() as seen:
        done = browser.post(GRID, {**form, "confirm": "yes"})

    writing = [sql for sql in seen if sql.startswith(("UPDATE", "INSERT"))]
    assert done.status_code == 302
    assert len([one for one in writing if "agent_connector" in one]) == 3
    assert len(seen) <= 12
