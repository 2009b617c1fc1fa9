"""Attacks 11 and 64: more of the same than anybody needs."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from agent_connector.connections.secret import Prefix, mint_secret
from tests.attacks.answers import JSON, assert_alive, assert_error, post_raw
from tests.factories import REDIRECT_URI
from tests.http.hand import count, from_now, run_sql
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import (
    Registered,
    at_once,
    from_afar,
    register,
    wait_for_a_window,
    worker_of,
)

LATER = "temporarily_unavailable"
MINUTE = 60
REGISTRATIONS, FAILURES = 60, 20
"""The most of each in one minute, as README and docs say."""
MORE = 8

Guess = Callable[[Registered], httpx.Response]


def _register(site: Site, name: str, sender: dict[str, str]) -> httpx.Response:
    metadata = {"client_name": name, "redirect_uris": [REDIRECT_URI]}
    content = json.dumps({**metadata, "token_endpoint_auth_method": "none"}).encode()
    return post_raw(site, "register", content, {**JSON, **sender})


def _assert_later(answer: httpx.Response) -> None:
    assert_error(answer, 429, LATER)
    assert 0 < int(answer.headers["Retry-After"]) <= MINUTE


def test_11_a_flood_of_one_address_is_stopped_and_nobody_else(
    site: Site, client: Registered, editor: Person
) -> None:
    flooder = from_afar()
    wait_for_a_window(MINUTE, left=20)
    before = count(site, "client")

    answers = at_once(REGISTRATIONS + MORE, lambda: _register(site, "Flood", flooder))

    stopped = [one for one in answers if one.status_code != httpx.codes.CREATED]
    assert len({worker_of(one) for one in answers}) > 1
    assert len(stopped) == MORE
    for answer in stopped:
        _assert_later(answer)
    assert count(site, "client") == before + REGISTRATIONS
    assert _register(site, "Other", from_afar()).status_code == httpx.codes.CREATED
    flooded = dataclasses.replace(client, headers=flooder)
    assert_alive(flooded, flooded.tokens(editor))


def test_11_another_header_does_not_make_another_sender(site: Site) -> None:
    flooder = from_afar()
    wait_for_a_window(MINUTE, left=20)

    answers = [
        _register(
            site,
            "Flood",
            {
                "X-Forwarded-For": f"192.0.2.{number}, {flooder['X-Forwarded-For']}",
                "X-Real-IP": f"192.0.2.{number}",
                "Forwarded": f"for=192.0.2.{number}",
            },
        )
        for number in range(REGISTRATIONS + 1)
    ]

    _assert_later(answers[-1])


def test_11_what_nobody_used_is_gone_after_a_day(site: Site, editor: Person) -> None:
    unused, used, younger = (register(site, "Old") for _ in range(3))
    tokens = used.tokens(editor)
    for client, age in ((unused, -24), (used, -24), (younger, -23)):
        run_sql(
            site,
            "UPDATE agent_connector_client SET created_at = ? WHERE client_id = ?",
            *(from_now(hours=age), client.client_id),
        )

    register(site)

    left = [
        count(site, "client", "client_id = ?", client.client_id)
        for client in (unused, used, younger)
    ]
    assert left == [0, 1, 1]
    assert_error(unused.refresh("x"), 401, "invalid_client")
    assert_alive(used, tokens)


def _wrong_secret(client: Registered) -> httpx.Response:
    guess = dataclasses.replace(client, secret=mint_secret(Prefix.CLIENT_SECRET))
    return guess.refresh("x")


def _wrong_code(client: Registered) -> httpx.Response:
    return client.exchange(mint_secret(Prefix.CODE))


def _wrong_refresh_token(client: Registered) -> httpx.Response:
    return client.refresh(mint_secret(Prefix.REFRESH))


def _no_token_at_all(client: Registered) -> httpx.Response:
    return client.refresh("junk")


def _wrong_secret_at_revoke(client: Registered) -> httpx.Response:
    guess = dataclasses.replace(client, secret=mint_secret(Prefix.CLIENT_SECRET))
    return guess.revoke("x")


@pytest.mark.parametrize(
    "guess",
    [
        *(_wrong_secret, _wrong_code, _wrong_refresh_token, _no_token_at_all),
        _wrong_secret_at_revoke,
    ],
    ids=lambda guess: guess.__name__.strip("_"),
)
def test_64_guesses_are_counted_and_then_put_off_and_the_right_answer_never_is(
    site: Site, editor: Person, guess: Guess
) -> None:
    client = register(site, token_endpoint_auth_method="client_secret_post")
    bystander = register(site)
    tokens, theirs = client.tokens(editor), bystander.tokens(editor)
    wait_for_a_window(MINUTE, left=20)

    answers = at_once(FAILURES + MORE, lambda: guess(client))

    statuses = Counter(one.status_code for one in answers)
    assert statuses.pop(httpx.codes.TOO_MANY_REQUESTS) == MORE
    assert sum(statuses.values()) == FAILURES
    assert statuses.keys() <= {400, 401}
    _assert_later(guess(client))
    assert_alive(bystander, theirs)
    assert_alive(client, tokens)


def test_64_made_up_clients_have_one_count_and_one_row(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)
    rows = count(site, "throttle")
    wait_for_a_window(MINUTE, left=20)

    answers = [
        dataclasses.replace(client, client_id=f"nobody{number}").refresh("x")
        for number in range(FAILURES + 1)
    ]

    for refused in answers[:-1]:
        assert_error(refused, 401, "invalid_client")
    _assert_later(answers[-1])
    assert count(site, "throttle") <= rows + 1
    assert_alive(client, tokens)


def test_64_what_succeeds_is_not_counted(client: Registered, editor: Person) -> None:
    refresh = client.tokens(editor).refresh

    for _ in range(FAILURES + 1):
        answer = client.refresh(refresh)
        assert answer.status_code == httpx.codes.OK, answer.text
        refresh = answer.json()["refresh_token"]
