"""Attacks 98 to 105: passwords, what is logged, and clocks that differ."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.attacks.answers import assert_error
from tests.attacks.conftest import Hire
from tests.factories import VERIFIER
from tests.http.admin_pages import GRID, set_access, user_pk
from tests.http.hand import (
    change_connection,
    digest_of,
    from_now,
    run_sql,
)
from tests.http.person import Person, form_for, text_of
from tests.http.seed import PASSWORD
from tests.http.server import Site
from tests.http.wire import Registered, at_once, post_call

TRIES = 5


def _try_to_disable(admin: Person, pk: str, password: str) -> httpx.Response:
    page = admin.get(f"{GRID}{pk}/info/")
    form = form_for(page, field="access", value="disabled")
    return admin.submit(page, form, access="disabled", password=password)


def test_98_after_five_wrong_passwords_the_right_one_is_refused_in_the_same_words(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    owner = hire()
    tokens = client.tokens(owner)
    pk = user_pk(admin, owner.username)

    wrong = [_try_to_disable(admin, pk, "not hers") for _ in range(TRIES)]
    locked = _try_to_disable(admin, pk, PASSWORD)

    refusals = {_refusal_on(one) for one in [*wrong, locked]}
    assert len(refusals) == 1
    assert {one.status_code for one in wrong} == {locked.status_code}
    assert post_call(site, tokens.access).status_code == httpx.codes.OK


def _refusal_on(page: httpx.Response) -> str:
    """Return what the page says, from the first word of the refusal on."""
    return text_of(page.text).partition("password")[2][:200]


def test_98_the_count_is_kept_for_all_workers_at_once(
    site: Site, admin: Person, hire: Hire
) -> None:
    owner = hire()
    page = admin.get(f"{GRID}{user_pk(admin, owner.username)}/info/")
    form = form_for(page, field="access", value="disabled")

    at_once(12, lambda: admin.post(page, form, access="disabled", password="not hers"))

    counts = run_sql(site, "SELECT count FROM agent_connector_throttle")
    assert counts
    assert all(number <= TRIES for [number] in counts)


def test_98_right_passwords_are_never_too_many(admin: Person, hire: Hire) -> None:
    owner = hire()

    for access in ["disabled", "enabled"] * 3:
        set_access(admin, owner.username, access)


def test_103_what_fails_with_a_secret_in_it_leaves_none_in_the_log(
    site: Site, client: Registered, editor: Person
) -> None:
    tokens, code = client.tokens(editor), client.code(editor)
    secrets = (tokens.access, tokens.refresh, code)

    for secret in secrets:
        client.exchange(secret, code_verifier=VERIFIER)
        client.refresh(secret, scope=secret)
        client.refresh("x", resource=secret, client_id=secret)
        client.revoke(secret, client_id="nobody")
        post_call(site, tokens.access, secret, id=secret, model=secret)
        post_call(site, tokens.access, "search_records", model=secret, query=secret)
        post_call(site, f"{secret} {secret}")

    assert site.kept_secrets() == []


@pytest.mark.parametrize("seconds", [-60, -1, 0.5, 60])
def test_105_a_clock_that_differs_makes_no_negative_lifetime(
    site: Site, client: Registered, editor: Person, seconds: float
) -> None:
    tokens = client.tokens(editor)
    code = client.code(editor)
    run_sql(
        site,
        "UPDATE agent_connector_connection SET expires_at = ?,"
        " absolute_expires_at = ? WHERE id IN (SELECT connection_id FROM"
        " agent_connector_authorizationcode WHERE digest = ?)",
        *(from_now(seconds=seconds), from_now(seconds=seconds), digest_of(code)),
    )
    change_connection(site, tokens.access, "expires_at", from_now(seconds=seconds))

    for answer in (client.refresh(tokens.refresh), client.exchange(code)):
        if answer.status_code == httpx.codes.OK:
            assert 0 <= json.loads(answer.text)["expires_in"] <= 3600
        else:
            assert_error(answer, 400, "invalid_grant")
            assert seconds <= 0.5
