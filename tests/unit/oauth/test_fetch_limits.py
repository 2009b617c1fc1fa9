"""A fetch ends in time and at its size, whatever the other side does."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from agent_connector.oauth import fetch as module
from agent_connector.oauth.fetch import (
    MAX_BODY_BYTES,
    FetchFailed,
    Network,
    Reason,
    fetch,
)
from tests.document_host import URL, DocumentHost, answer_with, running_host

SECONDS = 0.5
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DocumentHost]:
    with running_host(tmp_path) as running:
        monkeypatch.setattr(module, "INTERNET", running.network(seconds=SECONDS))
        yield running


def drip(first: bytes, then: bytes) -> Callable[[socket.socket], None]:
    """Send a byte every 50 ms, so that no single read waits long."""

    def send(peer: socket.socket) -> None:
        peer.sendall(first)
        for number in range(400):
            peer.sendall(then[number % len(then)].to_bytes())
            time.sleep(0.05)

    return send


def flood(first: bytes, then: bytes) -> Callable[[socket.socket], None]:
    def send(peer: socket.socket) -> None:
        peer.sendall(first)
        while True:
            peer.sendall(then)

    return send


def failure_in_time() -> Reason:
    began = time.monotonic()
    with pytest.raises(FetchFailed) as failed:
        fetch(URL)
    assert time.monotonic() - began < SECONDS + 0.4
    return failed.value.reason


@pytest.mark.spec("attacks", "18")
@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(b"", b"H", id="status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", id="headers"),
        pytest.param(HEAD + b"\r\n", b" ", id="body to the end"),
        pytest.param(
            HEAD + b"Content-Length: 9000\r\n\r\n", b" ", id="body of a length"
        ),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="chunks"
        ),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n", id="trailer"
        ),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="continue"),
    ],
)
def test_what_drips_is_left_at_the_deadline(
    host: DocumentHost, first: bytes, then: bytes
) -> None:
    host.answer = drip(first, then)

    assert failure_in_time() is Reason.TOO_SLOW


@pytest.mark.spec("attacks", "18")
def test_a_handshake_that_drips_is_left_at_the_deadline(host: DocumentHost) -> None:
    host.before_tls = drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x00")

    assert failure_in_time() is Reason.TOO_SLOW


@pytest.mark.spec("attacks", "18")
def test_silence_is_left_at_the_deadline(host: DocumentHost) -> None:
    host.answer = lambda _peer: time.sleep(2)

    assert failure_in_time() is Reason.TOO_SLOW


def test_a_resolver_that_hangs_is_left_at_the_deadline(
    host: DocumentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    enough = Event()

    def hang(_host: str) -> list[str]:
        enough.wait(10)
        return []

    monkeypatch.setattr(module, "INTERNET", host.network(resolve=hang, seconds=SECONDS))

    assert failure_in_time() is Reason.TOO_SLOW
    assert host.connected_to == []
    enough.set()


def test_addresses_that_swallow_everything_are_left_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def swallow(_address: str, seconds: float) -> socket.socket:
        time.sleep(min(seconds, 0.2))
        raise TimeoutError

    many = [f"1.1.1.{number}" for number in range(1, 100)]
    monkeypatch.setattr(
        module,
        "INTERNET",
        Network(resolve=lambda _host: many, connect=swallow, seconds=SECONDS),
    )

    assert failure_in_time() is Reason.TOO_SLOW


@pytest.mark.spec("attacks", "18")
@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(HEAD + b"\r\n", b" " * 1000, id="body to the end"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
            b"100\r\n" + b" " * 256 + b"\r\n",
            id="chunks",
        ),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="continue"),
        pytest.param(HEAD + b"X: ", b"y" * 1000, id="one endless header"),
        pytest.param(
            HEAD + b"Content-Length: 1000000000\r\n\r\n",
            b" " * 1000,
            id="1 GB declared",
        ),
    ],
)
def test_what_has_no_end_is_left_at_its_size(
    host: DocumentHost, first: bytes, then: bytes
) -> None:
    host.answer = flood(first, then)

    assert failure_in_time() is Reason.TOO_LONG


def test_headers_without_end_are_left_too(host: DocumentHost) -> None:
    host.answer = flood(HEAD, b"X: y\r\n")

    assert failure_in_time() in {Reason.TOO_LONG, Reason.UNREACHABLE}


@pytest.mark.spec("attacks", "18")
def test_what_is_packed_small_is_not_unpacked(host: DocumentHost) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    host.answer = answer_with(bomb, Content_Encoding="gzip")

    assert failure_in_time() is Reason.FORMAT


def test_a_body_of_the_longest_length_that_is_said_is_taken(host: DocumentHost) -> None:
    host.answer = answer_with(b" " * MAX_BODY_BYTES)

    assert len(fetch(URL).body) == MAX_BODY_BYTES


@pytest.mark.parametrize("more", [0, 1])
def test_the_size_counts_to_the_byte(host: DocumentHost, more: int) -> None:
    host.answer = answer_with(b" " * (MAX_BODY_BYTES + more), Content_Length="")

    if more:
        assert failure_in_time() is Reason.TOO_LONG
    else:
        assert len(fetch(URL).body) == MAX_BODY_BYTES
