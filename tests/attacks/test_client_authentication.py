"""Attacks 54 to 56: a program that proves itself in a way that is not its own."""

from __future__ import annotations

import base64

import httpx
import pytest

from tests.attacks.answers import FORM, assert_alive, assert_error, post_raw
from tests.http.person import Person
from tests.http.wire import Registered

SECRET = "acs_" + "0" * 46


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


def _with_header(
    client: Registered, authorization: bytes, **fields: str
) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": "x", **fields}
    body = "&".join(f"{name}={value}" for name, value in form.items())
    headers = {**FORM, "Authorization": authorization.decode("latin-1")}
    return post_raw(client.site, "token", body.encode(), headers)


def test_55_two_ways_at_once_are_refused(client: Registered) -> None:
    basic = b"Basic " + base64.b64encode(f"{client.client_id}:{SECRET}".encode())
    both = {"client_secret": SECRET, "client_assertion": SECRET}

    for answer in (
        _with_header(client, basic, client_secret=SECRET),
        _with_header(client, b"", client_id=client.client_id, **both),
    ):
        assert_error(answer, 400, "invalid_request")


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
