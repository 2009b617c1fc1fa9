"""Attacks 54 to 56, 65, 66: a program that proves itself in a way not its own."""

from __future__ import annotations

import base64
import dataclasses
import itertools
import statistics
import time

import httpx
import pytest

from agent_connector.connections.secret import Prefix, mint_secret
from tests.attacks.answers import FORM, assert_alive, assert_error, post_raw
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import Registered, Tokens, from_afar, register

SECRET = "acs_" + "0" * 46
METHODS = ("client_secret_basic", "client_secret_post")
PAIRS = 60


@pytest.fixture(params=METHODS)
def confidential(request: pytest.FixtureRequest, site: Site) -> Registered:
    return register(site, token_endpoint_auth_method=request.param)


@pytest.mark.parametrize("name", ["client_secret", "client_assertion"])
def test_54_a_public_client_that_sends_a_secret_is_refused(
    client: Registered, editor: Person, name: str
) -> None:
    tokens = client.tokens(editor)

    answer = client.refresh(tokens.refresh, **{name: SECRET})

    assert_error(answer, 401, "invalid_client")
    assert_alive(client, tokens)


def test_54_an_unknown_client_is_refused_before_its_token_is_looked_at(
    client: Registered, editor: Person
) -> None:
    tokens = client.tokens(editor)

    answer = client.refresh(tokens.refresh, client_id="nobody")

    assert_error(answer, 401, "invalid_client")
    assert_alive(client, tokens)


def test_54_a_confidential_client_proves_itself_by_its_own_secret_only(
    site: Site, confidential: Registered, editor: Person
) -> None:
    tokens, code = confidential.tokens(editor), confidential.code(editor)
    secret = confidential.secret
    stranger = register(site, token_endpoint_auth_method=confidential.method)

    for other in (
        *("", secret[:-1], secret.swapcase(), stranger.secret),
        mint_secret(Prefix.CLIENT_SECRET),
    ):
        _assert_nobody(dataclasses.replace(confidential, secret=other), tokens, code)

    assert_alive(confidential, tokens)
    assert confidential.exchange(code).status_code == httpx.codes.OK


def test_54_a_confidential_client_proves_itself_in_its_own_way_only(
    confidential: Registered, editor: Person
) -> None:
    tokens, code = confidential.tokens(editor), confidential.code(editor)

    for method in {"none", *METHODS} - {confidential.method}:
        _assert_nobody(dataclasses.replace(confidential, method=method), tokens, code)

    assert_alive(confidential, tokens)
    assert confidential.exchange(code).status_code == httpx.codes.OK


def _assert_nobody(client: Registered, tokens: Tokens, code: str) -> None:
    """401 for all that it asks, with the challenge of RFC 6749 section 5.2."""
    for answer in (
        client.refresh(tokens.refresh),
        client.exchange(code),
        client.revoke(tokens.access),
    ):
        assert_error(answer, 401, "invalid_client")
        challenged = answer.headers.get("WWW-Authenticate", "").startswith("Basic")
        assert challenged is (client.method == "client_secret_basic")


def _with_header(
    client: Registered, authorization: bytes, **fields: str
) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": "x", **fields}
    body = "&".join(f"{name}={value}" for name, value in form.items())
    headers = {**FORM, "Authorization": authorization.decode("latin-1")}
    return post_raw(client.site, "token", body.encode(), headers)


def _basic(client_id: str, secret: str) -> bytes:
    return b"Basic " + base64.b64encode(f"{client_id}:{secret}".encode())


def test_55_two_ways_at_once_are_refused(client: Registered) -> None:
    both = {"client_secret": SECRET, "client_assertion": SECRET}

    for answer in (
        _with_header(client, _basic(client.client_id, SECRET), client_secret=SECRET),
        _with_header(client, b"", client_id=client.client_id, **both),
    ):
        assert_error(answer, 400, "invalid_request")


def test_55_so_they_are_with_the_right_secret(
    site: Site, confidential: Registered, editor: Person
) -> None:
    tokens = confidential.tokens(editor)
    secret = confidential.secret
    basic = _basic(confidential.client_id, secret)
    other = register(site)

    for fields in (
        {"client_secret": secret},
        {"client_secret": secret, "client_id": confidential.client_id},
        {"client_assertion": "x"},
        {"client_id": other.client_id},
    ):
        answer = _with_header(
            confidential, basic, **{"refresh_token": tokens.refresh, **fields}
        )
        assert_error(answer, 400, "invalid_request")
    assert_alive(confidential, tokens)


@pytest.mark.parametrize(
    "credentials",
    [
        pytest.param(b"!!!", id="not base64"),
        pytest.param(b"/w==", id="not UTF-8"),
        pytest.param(b"YQ==", id="no colon"),
        pytest.param(base64.b64encode(b":"), id="empty"),
        pytest.param(base64.b64encode(b"%00:%ff"), id="percent-encoded"),
        pytest.param(base64.b64encode(b"a" * 6000 + b":b"), id="long"),
    ],
)
def test_56_a_broken_header_is_no_authentication(
    client: Registered, credentials: bytes
) -> None:
    answer = _with_header(client, b"Basic " + credentials)

    assert_error(answer, 401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_56_so_is_a_broken_header_of_a_client_that_has_a_secret(
    site: Site, editor: Person
) -> None:
    client = register(site, token_endpoint_auth_method="client_secret_basic")
    tokens = client.tokens(editor)
    sound = _basic(client.client_id, client.secret)
    as_bytes = f"{client.client_id}:{client.secret}".encode()

    for broken in (
        sound[:-1] + b"!",
        b"Basic " + as_bytes,
        b"Basic " + base64.b64encode(as_bytes.replace(b":", b"%3A")),
        b"Basic " + base64.b64encode(as_bytes + b"%ff"),
        b"Basic " + base64.b64encode(as_bytes + b"\xff"),
        b"Basic " + base64.b64encode(as_bytes + b"\x00"),
    ):
        answer = _with_header(client, broken, refresh_token=tokens.refresh)
        assert_error(answer, 401, "invalid_client")
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
    encoded = client.secret.replace("_", "%5F")
    answer = _with_header(
        client, _basic(client.client_id, encoded), refresh_token=tokens.refresh
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    site.secrets.extend(
        [answer.json()[f"{kind}_token"] for kind in ("access", "refresh")]
    )


@pytest.mark.parametrize("method", METHODS)
def test_65_an_unknown_client_is_answered_like_one_with_a_wrong_secret(
    site: Site, client: Registered, method: str
) -> None:
    known = register(site, token_endpoint_auth_method=method)
    wrong = dataclasses.replace(known, secret=mint_secret(Prefix.CLIENT_SECRET))
    unknown = dataclasses.replace(wrong, client_id="f" * 32)
    public = dataclasses.replace(wrong, client_id=client.client_id)
    near = dataclasses.replace(known, secret=f"{known.secret[:-1]}!")

    answers = [one.refresh("x") for one in (wrong, unknown, public, near)]

    assert {one.status_code for one in answers} == {401}
    assert len({one.text for one in answers}) == 1
    assert len({one.headers.get("WWW-Authenticate") for one in answers}) == 1


def test_65_an_unknown_client_takes_as_long_as_a_wrong_secret(site: Site) -> None:
    known = register(site, token_endpoint_auth_method="client_secret_post")
    wrong = dataclasses.replace(known, secret=mint_secret(Prefix.CLIENT_SECRET))
    unknown = dataclasses.replace(wrong, client_id="f" * 32)
    taken: dict[str, list[float]] = {known.client_id: [], unknown.client_id: []}

    for one in itertools.chain.from_iterable([(wrong, unknown)] * PAIRS):
        sender = dataclasses.replace(one, headers=from_afar())
        began = time.perf_counter()
        answer = sender.refresh("x")
        taken[one.client_id].append(time.perf_counter() - began)
        assert_error(answer, 401, "invalid_client")

    quicker, slower = sorted(map(statistics.median, taken.values()))
    assert slower < 1.5 * quicker


def test_66_a_confidential_client_gets_a_new_pair_each_time_as_well(
    confidential: Registered, editor: Person
) -> None:
    tokens = confidential.tokens(editor)
    seen = {tokens.access, tokens.refresh}

    refresh = tokens.refresh
    for _ in range(3):
        given = confidential.refresh(refresh).json()
        refresh = given["refresh_token"]
        seen |= {given["access_token"], refresh}

    assert len(seen) == 8
