"""Attacks 74 to 78: giving tokens back, one's own and others'."""

from __future__ import annotations

import httpx
import pytest

from tests.attacks.answers import (
    FORM,
    assert_alive,
    assert_cut,
    assert_dead,
    assert_error,
    calls_in_every_worker,
    post_raw,
)
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import Registered, Tokens, post_call, register


def test_74_another_clients_token_is_not_given_back(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)

    for token in (tokens.access, tokens.refresh):
        assert register(site).revoke(token).status_code in {200, 400}

    assert_alive(client, tokens)


@pytest.mark.parametrize("token", ["junk", "☃", "x" * 2000, "acr_" + "0" * 46])
@pytest.mark.parametrize("hint", ["", "odd", "access_token", "refresh_token"])
def test_75_an_unknown_token_is_fine_whatever_the_hint(
    client: Registered, token: str, hint: str
) -> None:
    answer = client.revoke(token, token_type_hint=hint)

    assert answer.status_code == httpx.codes.OK
    assert answer.json() == {}


def test_76_a_missing_token_is_a_bad_request(site: Site, client: Registered) -> None:
    form = f"client_id={client.client_id}".encode()

    assert_error(post_raw(site, "revoke", form, FORM), 400, "invalid_request")
    assert_error(post_raw(site, "revoke", b"", FORM), 400, "invalid_request")


@pytest.mark.parametrize("which", ["access", "refresh"])
@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "odd"])
def test_77_either_token_ends_the_whole_connection(
    client: Registered, editor: Person, which: str, hint: str
) -> None:
    tokens = client.tokens(editor)

    answer = client.revoke(getattr(tokens, which), token_type_hint=hint)

    assert answer.status_code == httpx.codes.OK
    assert_dead(client, tokens)


def test_77_so_it_does_after_a_refresh(client: Registered, editor: Person) -> None:
    first = client.tokens(editor)
    given = client.refresh(first.refresh).json()

    client.revoke(given["access_token"])

    second = Tokens(access=given["access_token"], refresh=given["refresh_token"])
    assert_dead(client, second)
    assert_cut(client.site, post_call(client.site, first.access))


def test_78_it_counts_in_every_worker_from_the_next_request_on(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)
    before = calls_in_every_worker(site, tokens.access)

    client.revoke(tokens.refresh)

    assert {one.status_code for one in before} == {httpx.codes.OK}
    for answer in calls_in_every_worker(site, tokens.access):
        assert_cut(site, answer)
