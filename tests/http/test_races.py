"""Sixteen at once, over four processes: one pair comes of it, and nobody gets a 500."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.http.admin_pages import revoke_all
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import Registered, at_once, post_call, register

AT_ONCE = 16
ROUNDS = 3
QUICK = pytest.param(ROUNDS, id="quick")
LONG = pytest.param(200, id="long", marks=pytest.mark.reliability)


def _assert_one_winner(answers: list[httpx.Response]) -> None:
    statuses = sorted(answer.status_code for answer in answers)
    refused = [one for one in answers if one.status_code != httpx.codes.OK]
    assert statuses.count(httpx.codes.OK) <= 1
    assert {answer.status_code for answer in refused} == {httpx.codes.BAD_REQUEST}
    assert {answer.json()["error"] for answer in refused} == {"invalid_grant"}


@pytest.mark.parametrize("rounds", [QUICK, LONG])
def test_parallel_refreshes_of_one_token_bring_one_and_the_same_pair(
    site: Site, editor: Person, rounds: int
) -> None:
    client = register(site)
    refresh = client.tokens(editor).refresh
    for _ in range(rounds):
        answers = at_once(AT_ONCE, functools.partial(client.refresh, refresh))

        assert {answer.status_code for answer in answers} == {httpx.codes.OK}
        given = [answer.json() for answer in answers]
        pairs = {(one["access_token"], one["refresh_token"]) for one in given}
        [(access, refresh)] = pairs
        assert post_call(site, access).status_code == httpx.codes.OK


def _refresh_until_refused(client: Registered, refresh: str) -> list[str]:
    """Rotate as fast as the server answers; return every access token handed out."""
    handed_out: list[str] = []
    while True:
        answer = client.refresh(refresh)
        if answer.status_code != httpx.codes.OK:
            assert answer.status_code == httpx.codes.BAD_REQUEST, answer.text
            return handed_out
        handed_out.append(answer.json()["access_token"])
        refresh = answer.json()["refresh_token"]


def test_a_revoke_amid_refreshes_ends_what_they_hand_out(
    site: Site, admin: Person, editor: Person
) -> None:
    clients = [register(site) for _ in range(4)]
    pairs = [client.tokens(editor) for client in clients]

    with ThreadPoolExecutor() as pool:
        busy = [
            pool.submit(_refresh_until_refused, client, pair.refresh)
            for client, pair in zip(clients, pairs, strict=True)
        ]
        revoke_all(admin, "editor")
        handed_out = [access for one in busy for access in one.result()]

    for access in [*handed_out, *(pair.access for pair in pairs)]:
        assert post_call(site, access).status_code == httpx.codes.UNAUTHORIZED
