"""Attacks 66 to 73: refresh tokens in the wrong hands, or used twice."""

from __future__ import annotations

import functools
from collections.abc import Callable

import httpx
import pytest

from tests.attacks.answers import (
    assert_alive,
    assert_cut,
    assert_dead,
    assert_error,
)
from tests.attacks.conftest import Hire
from tests.http.admin_pages import revoke_all, set_access
from tests.http.hand import change_connection, change_user, digest_of, from_now, run_sql
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import Registered, Tokens, at_once, post_call, register

AT_ONCE = 16
ROUNDS = 20

EndIt = Callable[[Site, str, str], object]
"""Takes the site, the username, and a token."""


def test_66_each_refresh_brings_a_new_pair(client: Registered, editor: Person) -> None:
    tokens = client.tokens(editor)
    seen = {tokens.access, tokens.refresh}

    refresh = tokens.refresh
    for _ in range(5):
        given = client.refresh(refresh).json()
        refresh = given["refresh_token"]
        assert not seen & {given["access_token"], refresh}
        seen |= {given["access_token"], refresh}

    assert len(seen) == 12


def test_66_of_parallel_refreshes_never_two_pairs_come(
    site: Site, client: Registered, editor: Person
) -> None:
    for _ in range(ROUNDS):
        refresh = client.tokens(editor).refresh

        answers = at_once(AT_ONCE, functools.partial(client.refresh, refresh))

        pairs = {one.json().get("refresh_token") for one in answers} - {None}
        assert {one.status_code for one in answers} <= {200, 400}
        assert len(pairs) == 1
        assert _children_of(site, refresh) == 1


def _children_of(site: Site, refresh: str) -> int:
    """Return how many refresh tokens follow this one, whoever was given them."""
    [[number]] = run_sql(
        site,
        "SELECT COUNT(*) FROM agent_connector_token child"
        " JOIN agent_connector_token parent ON child.parent_id = parent.id"
        " WHERE child.kind = 'refresh' AND parent.digest = ?",
        digest_of(refresh),
    )
    return int(number)


def test_69_a_reused_refresh_token_ends_the_connection_for_good(
    site: Site, client: Registered, editor: Person
) -> None:
    first = client.tokens(editor)
    second = client.refresh(first.refresh).json()
    third = client.refresh(second["refresh_token"]).json()

    assert_error(client.refresh(first.refresh), 400, "invalid_grant")

    last = Tokens(access=third["access_token"], refresh=third["refresh_token"])
    assert_dead(client, last)
    assert_cut(site, post_call(site, second["access_token"]))


def test_71_another_clients_token_is_unknown_and_left_alone(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)

    for _ in range(2):
        answer = register(site).refresh(tokens.refresh)
        assert_error(answer, 400, "invalid_grant")

    assert_alive(client, tokens)


def test_72_wider_is_refused_and_costs_nothing(
    client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor, level="read")

    for scope in ("write", "read write", "delete", "read write delete", "admin"):
        answer = client.refresh(tokens.refresh, scope=scope)
        assert_error(answer, 400, "invalid_scope")

    assert_alive(client, tokens)


def test_72_narrower_is_narrower(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor, level="write")

    given = client.refresh(tokens.refresh, scope="read").json()

    change = {"model": "shop.product", "id": "1", "values": {"price": "1"}}
    refused = post_call(site, given["access_token"], "update_record", **change)
    assert given["scope"] == "read"
    assert refused.status_code == httpx.codes.FORBIDDEN
    widened = client.refresh(given["refresh_token"], scope="read write")
    assert widened.json()["scope"] == "read write"  # RFC 6749 section 6


def _expire(column: str) -> EndIt:
    def act(site: Site, _: str, token: str) -> None:
        change_connection(site, token, column, from_now(seconds=-1))

    return act


def _lose(column: str) -> EndIt:
    return lambda site, username, _: change_user(site, username, column, to=False)


def _block(site: Site, username: str, _: str) -> None:
    run_sql(
        site,
        "UPDATE agent_connector_client SET trust = 'blocked' WHERE id ="
        " (SELECT client_id FROM agent_connector_connection WHERE id ="
        " (SELECT MAX(id) FROM agent_connector_connection WHERE user_id ="
        " (SELECT id FROM auth_user WHERE username = ?)))",
        username,
    )


def _switch_off(site: Site, username: str, _: str) -> None:
    run_sql(
        site,
        "UPDATE agent_connector_mcpaccess SET enabled = ? WHERE user_id ="
        " (SELECT id FROM auth_user WHERE username = ?)",
        *(False, username),
    )


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(_expire("expires_at"), id="idle"),
        pytest.param(_expire("absolute_expires_at"), id="absolute"),
        pytest.param(_block, id="client blocked"),
        pytest.param(_switch_off, id="disabled"),
        pytest.param(_lose("is_active"), id="inactive"),
        pytest.param(_lose("is_staff"), id="not staff"),
    ],
)
def test_73_what_has_ended_is_neither_refreshed_nor_called(
    site: Site, hire: Hire, end: EndIt
) -> None:
    person, client = hire(), register(site)
    tokens = client.tokens(person)

    end(site, person.username, tokens.access)

    assert_dead(client, tokens)


def test_73_what_was_revoked_or_disabled_is_not_refreshed(
    site: Site, admin: Person, hire: Hire
) -> None:
    person, client = hire(), register(site)

    first = client.tokens(person)
    revoke_all(admin, person.username)
    assert_dead(client, first)

    second = client.tokens(person)
    set_access(admin, person.username, "disabled")
    assert_dead(client, second)
