"""Sixteen at once, over four processes: at most one wins, and nobody gets a 500."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.http.admin_pages import revoke_all
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import Registered, at_once, post_call, register

AT_ONCE = 16
ROUNDS = 3


def _assert_one_winner(answers: list[httpx.Response]) -> None:
    statuses = sorted(answer.status_code for answer in answers)
    refused = [one for one in answers if one.status_code != httpx.codes.OK]
    assert statuses.count(httpx.codes.OK) <= 1
    assert {answer.status_code for answer in refused} == {httpx.codes.BAD_REQUEST}
    assert {answer.json()["error"] for answer in refused} == {"invalid_grant"}


def test_of_parallel_refreshes_of_one_token_at_most_one_succeeds(
    site: Site, editor: Person
) -> None:
    for _ in range(ROUNDS):
        client = register(site)
        refresh = client.tokens(editor).refresh

        answers = at_once(AT_ONCE, functools.partial(client.refresh, refresh))

        _assert_one_winner(answers)


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
