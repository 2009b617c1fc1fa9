"""Attacks 100 to 102: personal access tokens, and tokens that leaked."""

from __future__ import annotations

import httpx
import pytest

from tests.attacks.answers import assert_cut
from tests.attacks.by_hand import pk_of, post_by_hand
from tests.attacks.conftest import Hire
from tests.http.admin_pages import (
    GRID,
    MAKE_TOKEN,
    allow_personal_tokens,
    make_personal_token,
    personal_token_on,
)
from tests.http.person import Person, Refused
from tests.http.server import Site
from tests.http.wire import Registered, post_call

pytest.importorskip("agent_connector.connections.personal")

TRACE = f"{GRID}leaked-token/"
DAY_SECONDS = 24 * 3600
MOST_ACTIVE = 20


@pytest.fixture(autouse=True, scope="module")
def _allowed(admin: Person) -> None:
    """Let administrators allow them, for the rest of this server's life."""
    allow_personal_tokens(admin)


def _token_on(site: Site, page: httpx.Response) -> str:
    token = personal_token_on(page)
    site.secrets.append(token)
    return token


def test_100_a_token_is_shown_once_and_stored_nowhere(site: Site, hire: Hire) -> None:
    person = hire()

    made = make_personal_token(person)

    token = _token_on(site, made)
    assert "no-store" in made.headers["Cache-Control"]
    assert post_call(site, token).status_code == httpx.codes.OK
    for address in (MAKE_TOKEN, f"{GRID}account/"):
        assert token not in person.get(address).text
    assert site.kept_secrets() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"lifetime": str(91 * DAY_SECONDS)},
        {"lifetime": "-1"},
        {"lifetime": "x"},
        {"level": "delete"},
        {"level": "everything"},
        {"level": ""},
        {"password": "not hers"},
        {"password": ""},
        {"label": "\u202e"},
    ],
    ids=ascii,
)
def test_101_what_the_site_does_not_allow_is_not_made(
    hire: Hire, fields: dict[str, str]
) -> None:
    answer = make_personal_token(hire(), **fields)

    assert answer.status_code in {200, 400, 403}
    assert "acp_" not in answer.text


def test_101_nobody_has_more_than_twenty(site: Site, hire: Hire) -> None:
    person = hire()
    for _ in range(MOST_ACTIVE):
        _token_on(site, make_personal_token(person))

    with pytest.raises(Refused):
        make_personal_token(person)


def test_102_a_leaked_token_is_found_by_its_digest_and_never_written_down(
    site: Site, client: Registered, admin: Person, hire: Hire
) -> None:
    person = hire()
    tokens, personal = (
        client.tokens(person),
        _token_on(site, make_personal_token(person)),
    )

    for leaked in (tokens.access, tokens.refresh, personal):
        answer = post_by_hand(admin, TRACE, text=f"Found in a log: {leaked}\n")
        assert f"{GRID}{pk_of(site, person)}/info/" in answer.text
        assert leaked not in answer.text
        assert leaked not in str(answer.url)
    assert site.kept_secrets() == []


def test_102_the_box_is_for_administrators_only(hire: Hire) -> None:
    assert hire().get(TRACE).status_code == httpx.codes.FORBIDDEN


def test_101_once_they_are_no_longer_allowed_none_is_accepted(
    site: Site, admin: Person, hire: Hire
) -> None:
    token = _token_on(site, make_personal_token(hire()))

    allow_personal_tokens(admin, allowed=False)

    assert_cut(site, post_call(site, token))
