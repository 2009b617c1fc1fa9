"""Limits hold for all workers together: the count is in the database."""

from __future__ import annotations

import httpx

from agent_connector.connections.secret import Prefix, mint_secret
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import at_once, register, wait_for_a_window


def test_refused_tokens_of_one_client_are_counted_over_all_workers(
    site: Site, editor: Person
) -> None:
    wait_for_a_window(60, left=10)
    guessed, other = register(site, "Guesser"), register(site, "Bystander")

    answers = at_once(
        4, lambda: [guessed.refresh(mint_secret(Prefix.REFRESH)) for _ in range(8)]
    )

    statuses = sorted(one.status_code for some in answers for one in some)
    assert (
        statuses
        == [httpx.codes.BAD_REQUEST] * 20 + [httpx.codes.TOO_MANY_REQUESTS] * 12
    )
    stopped = guessed.refresh(mint_secret(Prefix.REFRESH))
    assert stopped.status_code == httpx.codes.TOO_MANY_REQUESTS
    assert int(stopped.headers["Retry-After"]) > 0
    assert stopped.json()["error"] == "temporarily_unavailable"
    assert other.tokens(editor).access
