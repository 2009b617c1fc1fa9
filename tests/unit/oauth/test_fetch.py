"""The fetch, over real sockets: what is asked of whom, and what is taken."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent_connector.oauth import fetch as module
from agent_connector.oauth.fetch import (
    INTERNET,
    FetchFailed,
    Network,
    Reason,
    fetch,
    fresh_for,
)
from tests.document_host import (
    ADDRESS,
    HOST,
    URL,
    DocumentHost,
    answer_with,
    document,
    running_host,
)
from tests.unit.oauth.test_public_address import FORBIDDEN

REAL_WORLD = INTERNET  # before any test replaced it


@pytest.fixture
def host(tmp_path: Path) -> Iterator[DocumentHost]:
    with running_host(tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def _world(host: DocumentHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INTERNET", host.network())


def live_in(monkeypatch: pytest.MonkeyPatch, network: Network) -> None:
    monkeypatch.setattr(module, "INTERNET", network)


def failure_of(url: str = URL) -> Reason:
    with pytest.raises(FetchFailed) as failed:
        fetch(url)
    return failed.value.reason


def test_a_document_is_asked_for_in_plain_words_and_returned(
    host: DocumentHost,
) -> None:
    fetched = fetch(URL + "?v=1")

    assert json.loads(fetched.body) == document()
    assert fetched.fresh_for == timedelta(hours=1)
    (asked,) = host.requests
    assert asked.splitlines() == [
        "GET /about/client.json?v=1 HTTP/1.1",
        f"Host: {HOST}",
        "User-Agent: django-agent-connector",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: close",
        "",
    ]


def test_the_real_world_is_port_443_with_five_seconds_for_all() -> None:
    assert Network() == REAL_WORLD
    assert (module._PORT, REAL_WORLD.seconds) == (443, 5.0)  # noqa: SLF001  # the port
    assert REAL_WORLD.tls().check_hostname
    assert REAL_WORLD.resolve("127.0.0.1") == ["127.0.0.1"]


@pytest.mark.parametrize("url", ["http://client.example/x", "https://127.0.0.1/x", ""])
def test_only_what_can_be_a_client_id_is_asked_for(
    host: DocumentHost, url: str
) -> None:
    assert failure_of(url) is Reason.FORBIDDEN
    assert host.connected_to == []


@pytest.mark.spec("attacks", "15")
def test_no_address_of_ours_or_our_network_is_connected_to(
    host: DocumentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(FORBIDDEN) >= 40
    for address in FORBIDDEN:
        for found in ([address], [ADDRESS, address], [address, ADDRESS]):
            live_in(monkeypatch, host.network(*found))
            assert failure_of() is Reason.FORBIDDEN

    assert host.connected_to == []


@pytest.mark.spec("attacks", "16")
def test_a_name_that_changes_after_the_check_is_not_asked_again(
    host: DocumentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([[ADDRESS], ["127.0.0.1"], ["127.0.0.1"]])
    live_in(monkeypatch, host.network(resolve=lambda _host: next(answers)))

    fetch(URL)

    assert host.connected_to == [ADDRESS]
    assert len(list(answers)) == 2


def test_a_dead_address_leaves_time_for_the_next_and_ipv4_comes_first(
    host: DocumentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = ["2606:2800::1", "9.9.9.9", "9.9.9.10"]
    network = host.network(*addresses)

    def connect(address: str, seconds: float) -> socket.socket:
        peer = network.connect(address, seconds)
        if ":" not in address:
            peer.close()
            raise OSError(address)
        return peer

    live_in(
        monkeypatch,
        Network(resolve=network.resolve, connect=connect, tls=network.tls),
    )

    assert fetch(URL).body
    assert host.connected_to == ["9.9.9.9", "9.9.9.10", "2606:2800::1"]


def test_the_real_world_is_connected_to_within_the_time_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        socket,
        "create_connection",
        lambda *place, **options: asked.append((place, options)),
    )

    REAL_WORLD.connect(ADDRESS, 1.5)

    assert asked == [(((ADDRESS, 443),), {"timeout": 1.5})]


def test_how_long_a_document_counts_is_read_from_its_answer(host: DocumentHost) -> None:
    host.answer = answer_with(Cache_Control="max-age=7200")

    assert fetch(URL).fresh_for == timedelta(hours=2)


def test_proxies_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetch(URL).body


def test_a_host_that_is_not_found_or_not_there_is_told_apart_for_the_log_only(
    host: DocumentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_host: str) -> list[str]:
        raise socket.gaierror

    live_in(monkeypatch, host.network(resolve=unknown))
    assert failure_of() is Reason.NO_ADDRESS

    def refuse(address: str, _seconds: float) -> socket.socket:
        raise ConnectionRefusedError(address)

    live_in(monkeypatch, Network(resolve=lambda _host: [ADDRESS], connect=refuse))
    assert failure_of() is Reason.UNREACHABLE


def test_a_certificate_of_another_name_is_refused(host: DocumentHost) -> None:
    assert failure_of("https://other.example/x") is Reason.CERTIFICATE
    assert host.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    host: DocumentHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = host.network()
    live_in(monkeypatch, Network(resolve=own.resolve, connect=own.connect))

    assert failure_of() is Reason.CERTIFICATE
    assert host.requests == []


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\n\r\n{}", b"\x15\x03"])
def test_what_speaks_no_tls_is_refused(host: DocumentHost, answer: bytes) -> None:
    host.before_tls = lambda peer: peer.sendall(answer)

    assert failure_of() is Reason.UNREACHABLE


@pytest.mark.spec("attacks", "17")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 201, 204, 304, 404, 500])
def test_anything_but_200_is_refused_and_nothing_is_followed(
    host: DocumentHost, status: int
) -> None:
    host.answer = answer_with(status=f"{status} X", Location="https://127.0.0.1/x")

    with pytest.raises(FetchFailed) as failed:
        fetch(URL)

    assert failed.value.reason is Reason.STATUS
    assert failed.value.detail == str(status)
    assert len(host.connected_to) == 1


@pytest.mark.spec("attacks", "19")
@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "text/html"},
        {"Content_Type": "text/plain"},
        {"Content_Type": ""},
        {"Content_Type": "application/jsonx"},
        {"Content_Type": "text/json"},
        {"Content_Encoding": "gzip"},
        {"Content_Encoding": "identity, gzip"},
        {"Content_Encoding": "br"},
    ],
)
def test_anything_but_plain_json_is_refused(
    host: DocumentHost, headers: dict[str, str]
) -> None:
    host.answer = answer_with(**headers)

    assert failure_of() is Reason.FORMAT


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/client-metadata+json",
    ],
)
def test_json_under_each_of_its_names_is_taken(host: DocumentHost, kind: str) -> None:
    host.answer = answer_with(Content_Type=kind)

    assert fetch(URL).body


@pytest.mark.spec("RFC 9111", "5.2.2")
@pytest.mark.parametrize(
    ("cache_control", "span"),
    [
        ("", timedelta(hours=1)),
        ("public", timedelta(hours=1)),
        ("max-age=x", timedelta(hours=1)),
        ("max-age=7200", timedelta(hours=2)),
        ('public, MAX-AGE = "7200"', timedelta(hours=2)),
        ("max-age=0", timedelta(minutes=5)),
        ("max-age=299, private", timedelta(minutes=5)),
        ("max-age=7200, no-store", timedelta(minutes=5)),
        ("No-Cache", timedelta(minutes=5)),
        ("max-age=999999999", timedelta(days=1)),
        ("max-age=99999999999999999999", timedelta(days=1)),
    ],
)
def test_a_document_is_kept_as_its_host_says_within_bounds(
    cache_control: str, span: timedelta
) -> None:
    assert fresh_for(cache_control) == span
