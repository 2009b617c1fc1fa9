"""One question over a real socket: what comes back, and each way in which nothing does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent_connector.doctor.wire import NoAnswer, Silence, Wire
from tests.http.server import listening_socket


@contextmanager
def server(*parts: bytes, pause: float = 0.0) -> Iterator[str]:
    """Answer one connection with these bytes."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            for part in parts:
                try:
                    connection.sendall(part)
                except OSError:
                    return
                time.sleep(pause)

    with listening_socket() as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


def silence_at(url: str, *, seconds: float = 5.0) -> Silence:
    with pytest.raises(NoAnswer) as caught:
        Wire(url=url, seconds=seconds).ask("GET", "/mcp")
    return caught.value.silence


def test_an_answer_is_taken_as_it_comes_redirects_too() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\n{}"
    with server(head) as url:
        answer = Wire(url=url).ask("GET", "/mcp")

    assert (answer.status, answer.header("Location")) == (302, "/elsewhere")
    assert answer.document() == {}
    assert answer.arrival is None


@pytest.mark.parametrize("body", [b"", b"[]", b"no", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_object_is_no_document(body: bytes) -> None:
    with server(b"HTTP/1.0 200 OK\r\n\r\n", body) as url:
        assert Wire(url=url).ask("GET", "/mcp").document() is None


def test_nothing_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert silence_at(url) is Silence.REFUSED


def test_a_name_that_nobody_has() -> None:
    assert silence_at("http://nobody.invalid") is Silence.NO_ADDRESS


def test_one_worker_that_is_busy_with_asking() -> None:
    # The system takes the connection; nobody ever reads from it.
    with listening_socket() as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        began = time.monotonic()
        assert silence_at(url, seconds=0.3) is Silence.TOO_SLOW
        assert time.monotonic() - began < 3


def test_a_stream_that_does_not_end_is_left() -> None:
    parts = [b"HTTP/1.0 200 OK\r\n\r\n", *[b"data: x\n"] * 20]
    with server(*parts, pause=0.1) as url:
        assert silence_at(url, seconds=0.4) is Silence.TOO_SLOW


def test_an_endless_body_is_read_up_to_a_limit() -> None:
    with server(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 400_000) as url:
        assert len(Wire(url=url).ask("GET", "/").body) == 256 * 1024


def test_what_is_not_http() -> None:
    with server(b"SSH-2.0-OpenSSH\r\n") as url:
        assert silence_at(url) is Silence.NO_HTTP


def test_https_asked_of_what_speaks_http() -> None:
    with server(b"HTTP/1.0 400 Bad\r\n\r\n") as url:
        assert silence_at(url.replace("http:", "https:")) is Silence.NO_TLS


def test_the_time_of_the_whole_run_counts() -> None:
    wire = Wire(url="http://127.0.0.1:9", until=time.monotonic() - 1)

    with pytest.raises(NoAnswer) as caught:
        wire.ask("GET", "/")

    assert caught.value.silence is Silence.OUT_OF_TIME
