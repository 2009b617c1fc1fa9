"""What an attack has to be answered with."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.http.sending import send
from tests.http.server import WORKERS, Site
from tests.http.wire import (
    Registered,
    Tokens,
    at_once,
    post_call,
    worker_of,
)

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
METADATA = "invalid_client_metadata"
TRIES = 40
BURSTS = 25
"""Bursts of `TRIES` after which a worker that never answered counts as missing."""


def post_raw(
    site: Site, endpoint: str, content: bytes, headers: dict[str, str]
) -> httpx.Response:
    """Post these very bytes to an endpoint for programs."""
    url = f"{site.url}/mcp/oauth/{endpoint}"
    return send("POST", url, content=content, headers=headers)


def assert_error(answer: httpx.Response, status: int, error: str) -> None:
    """RFC 6749 section 5.2: JSON with a code and a sentence, never stored."""
    assert answer.status_code == status, answer.text
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]
    assert "no-store" in answer.headers["Cache-Control"]


def assert_local_page(answer: httpx.Response) -> None:
    """A page for the person, which sends nothing to anybody."""
    assert answer.status_code == httpx.codes.BAD_REQUEST, answer.text
    assert "Location" not in answer.headers
    assert "<h1" in answer.text
    assert "http-equiv" not in answer.text


def assert_cut(site: Site, answer: httpx.Response) -> None:
    """401 that tells the client to sign in again, and where."""
    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert 'error="invalid_token"' in challenge
    assert f'resource_metadata="{site.metadata_url}"' in challenge


def assert_dead(client: Registered, tokens: Tokens) -> None:
    """Neither token of the pair does anything any more."""
    assert_cut(client.site, post_call(client.site, tokens.access))
    assert_error(client.refresh(tokens.refresh), 400, "invalid_grant")


def assert_alive(client: Registered, tokens: Tokens) -> None:
    """Both tokens of the pair work; the pair is used up afterwards."""
    answer = post_call(client.site, tokens.access)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert client.refresh(tokens.refresh).status_code == httpx.codes.OK


def calls_in_every_worker(site: Site, access: str) -> list[httpx.Response]:
    """Call at least 40 times, and go on until each of the workers has answered."""
    answers: list[httpx.Response] = []
    for _ in range(BURSTS):
        answers += at_once(TRIES, lambda: post_call(site, access))
        if len({worker_of(answer) for answer in answers}) == WORKERS:
            return answers
    raise AssertionError("Not every worker answered.")


def assert_nobody_called(listener: socket.socket) -> None:
    """No connection has come, nor comes within the listener's patience."""
    with pytest.raises(TimeoutError):
        listener.accept()
