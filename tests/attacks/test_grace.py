"""Attacks 67 to 69: a refresh token that comes again, in time or too late."""

from __future__ import annotations

import functools

import httpx
import pytest

from tests.attacks.answers import assert_alive, assert_cut, assert_dead, assert_error
from tests.http.admin_pages import revoke_all
from tests.http.hand import digest_of, from_now, run_sql
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import Registered, Tokens, at_once, post_call, register

pytest.importorskip("agent_connector.connections.successor")

AT_ONCE = 16
ROUNDS = 5


def _pair(answer: httpx.Response) -> Tokens:
    assert answer.status_code == httpx.codes.OK, answer.text
    given = answer.json()
    return Tokens(access=given["access_token"], refresh=given["refresh_token"])


def _as_if_used(site: Site, refresh: str, **ago: float) -> None:
    then = from_now(**{name: -number for name, number in ago.items()})
    run_sql(
        site,
        "UPDATE agent_connector_token SET used_at = ?, first_used_at = ?"
        " WHERE digest = ?",
        *(then, then, digest_of(refresh)),
    )


def test_67_a_retry_within_the_grace_brings_one_and_the_same_pair(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)

    pairs = [_pair(client.refresh(tokens.refresh)) for _ in range(3)]

    assert len({(one.access, one.refresh) for one in pairs}) == 1
    _as_if_used(site, tokens.refresh, seconds=25)
    assert _pair(client.refresh(tokens.refresh)) == pairs[0]
    assert_alive(client, pairs[0])


def test_67_so_do_parallel_ones_in_whatever_worker(
    client: Registered, editor: Person
) -> None:
    for _ in range(ROUNDS):
        refresh = client.tokens(editor).refresh

        answers = at_once(AT_ONCE, functools.partial(client.refresh, refresh))

        pairs = {(one.access, one.refresh) for one in map(_pair, answers)}
        assert len(pairs) == 1


def test_68_an_answer_that_was_lost_is_given_anew_and_the_unseen_pair_is_dead(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)
    unseen = _pair(client.refresh(tokens.refresh))
    _as_if_used(site, tokens.refresh, minutes=10)

    given = _pair(client.refresh(tokens.refresh))

    assert not {given.access, given.refresh} & {unseen.access, unseen.refresh}
    assert_cut(site, post_call(site, unseen.access))
    assert post_call(site, given.access).status_code == httpx.codes.OK


@pytest.mark.parametrize("seen", ["access", "refresh"])
def test_69_after_the_grace_a_token_whose_successor_was_seen_is_reused(
    site: Site, client: Registered, editor: Person, seen: str
) -> None:
    tokens = client.tokens(editor)
    last = _pair(client.refresh(tokens.refresh))
    if seen == "access":
        post_call(site, last.access)
    else:
        last = _pair(client.refresh(last.refresh))
    _as_if_used(site, tokens.refresh, minutes=10)

    assert_error(client.refresh(tokens.refresh), 400, "invalid_grant")

    assert_dead(client, last)


def test_69_so_is_one_that_comes_after_a_day(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)
    last = _pair(client.refresh(tokens.refresh))
    _as_if_used(site, tokens.refresh, hours=25)

    assert_error(client.refresh(tokens.refresh), 400, "invalid_grant")

    assert_dead(client, last)


def test_69_a_revoke_is_stronger_than_the_grace(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site)
    tokens = client.tokens(editor)
    last = _pair(client.refresh(tokens.refresh))

    revoke_all(admin, "editor")

    assert_error(client.refresh(tokens.refresh), 400, "invalid_grant")
    assert_dead(client, last)
