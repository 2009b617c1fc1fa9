"""Cut means cut: whichever way, in every worker, at once and for good."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.http.admin_pages import mass_revoke, revoke_all, revoke_one, set_access
from tests.http.person import Person
from tests.http.server import WORKERS, Site
from tests.http.wire import Registered, Tokens, at_once, post_call, register, worker_of

TRIES = 40
BURSTS = 25
"""Bursts of `TRIES` after which a worker that never answered counts as missing."""

Revoke = Callable[[Person, str], object]
WAYS: dict[str, Revoke] = {
    "one token": lambda admin, client: revoke_one(admin, "editor", client),
    "all of a user": lambda admin, _: revoke_all(admin, "editor"),
    "mass": lambda admin, _: mass_revoke(admin, "editor", "newcomer"),
    "disabling": lambda admin, _: set_access(admin, "editor", "disabled"),
}


def _calls_in_every_worker(site: Site, access: str) -> list[httpx.Response]:
    """Call at least 40 times, and go on until each of the workers has answered."""
    answers: list[httpx.Response] = []
    for _ in range(BURSTS):
        answers += at_once(TRIES, lambda: post_call(site, access))
        if len({worker_of(answer) for answer in answers}) == WORKERS:
            return answers
    raise AssertionError("Not every worker answered.")


def _assert_cut(site: Site, answer: httpx.Response) -> None:
    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert 'error="invalid_token"' in challenge
    assert f'resource_metadata="{site.metadata_url}"' in challenge


def _assert_dead(client: Registered, tokens: Tokens) -> None:
    refused = client.refresh(tokens.refresh)
    assert refused.status_code == httpx.codes.BAD_REQUEST
    assert refused.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("way", WAYS)
def test_after_a_revoke_no_worker_accepts_the_token_and_nothing_revives_it(
    site: Site, admin: Person, editor: Person, viewer: Person, way: str
) -> None:
    client, bystander = register(site, f"Cut by {way}"), register(site)
    tokens, others = client.tokens(editor), bystander.tokens(viewer, level="read")
    assert post_call(site, tokens.access).status_code == httpx.codes.OK

    WAYS[way](admin, client.name)

    for answer in _calls_in_every_worker(site, tokens.access):
        _assert_cut(site, answer)
    _assert_dead(client, tokens)
    assert post_call(site, others.access).status_code == httpx.codes.OK
    assert bystander.refresh(others.refresh).status_code == httpx.codes.OK
    set_access(admin, "editor", "disabled")
    set_access(admin, "editor", "enabled")
    _assert_cut(site, post_call(site, tokens.access))
    _assert_dead(client, tokens)


def test_a_revoke_of_one_token_leaves_the_users_other_clients_alone(
    site: Site, admin: Person, editor: Person
) -> None:
    one, other = register(site, "The one"), register(site, "The other")
    lost, kept = one.tokens(editor), other.tokens(editor)

    revoke_one(admin, "editor", "The one")

    _assert_cut(site, post_call(site, lost.access))
    assert post_call(site, kept.access).status_code == httpx.codes.OK
    assert other.refresh(kept.refresh).status_code == httpx.codes.OK


def test_a_code_that_was_on_its_way_is_cut_too(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site)
    code = client.code(editor)

    revoke_all(admin, "editor")

    refused = client.exchange(code)
    assert refused.status_code == httpx.codes.BAD_REQUEST
    assert refused.json()["error"] == "invalid_grant"


def test_the_cut_says_who_did_it_and_why(
    site: Site, admin: Person, editor: Person
) -> None:
    client = register(site, "Told why")
    tokens = client.tokens(editor)

    set_access(admin, "editor", "disabled")

    challenge = post_call(site, tokens.access).headers["WWW-Authenticate"]
    set_access(admin, "editor", "enabled")
    assert 'error_description="Revoked by admin at ' in challenge
    assert "MCP access was disabled" in challenge


def test_signing_out_by_the_client_ends_both_tokens(site: Site, editor: Person) -> None:
    client = register(site)
    tokens = client.tokens(editor)

    answer = client.revoke(tokens.access)

    assert answer.status_code == httpx.codes.OK
    _assert_cut(site, post_call(site, tokens.access))
    _assert_dead(client, tokens)
