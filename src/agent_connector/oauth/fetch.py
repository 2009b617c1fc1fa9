"""Fetch a small JSON document from a host that nobody vouches for.

Every address of the host is judged, and the connection goes to a judged one. One
deadline holds over name, connection, headers and body. No redirect is followed, no
proxy of the environment used, nothing compressed accepted.
"""

from __future__ import annotations

import io
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import Any

from agent_connector.errors import AgentConnectorError
from agent_connector.oauth.document_url import place_of_document
from agent_connector.oauth.public_address import is_public

MAX_BODY_BYTES = 10 * 1024
MAX_BYTES = 2 * MAX_BODY_BYTES
"""Status line, headers and body together, as they arrive."""

CONNECT_SECONDS = 2.0
"""For one address, so that a dead one leaves time for the next."""

SHORTEST, USUAL, LONGEST = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
"""How long a document counts as fresh, whatever its headers say."""

_PORT = 443
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
_NEVER_KEEP = re.compile(r"(?:^|[\s,])no-(?:store|cache)\b", re.IGNORECASE)
_JSON = re.compile(r"application/(?:[a-z0-9.\-]+\+)?json")


class Reason(StrEnum):
    """Why there is no document. For the log and for administrators only."""

    BUSY = "too many attempts at this moment"
    NO_ADDRESS = "the name of the host was not found"
    FORBIDDEN = "the host has an address that is not public"
    UNREACHABLE = "no connection, or no HTTP"
    CERTIFICATE = "the host did not prove that it is who it is"
    TOO_SLOW = "no complete answer in time"
    STATUS = "another answer than 200"
    FORMAT = "another answer than plain JSON"
    TOO_LONG = "too long an answer"
    CONTENT = "the document does not hold"


class FetchFailed(AgentConnectorError):
    """There is no document. Whom a stranger must not tell why: see `Reason`."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".rstrip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back: at most `MAX_BODY_BYTES`, not read yet."""

    body: bytes
    fresh_for: timedelta


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


def _connect(address: str, seconds: float) -> socket.socket:
    return socket.create_connection((address, _PORT), timeout=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How the world is reached. Tests bring a small one of their own."""

    resolve: Callable[[str], list[str]] = _resolve
    connect: Callable[[str, float], socket.socket] = _connect
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = 5.0
    """The deadline, from the first question to the last byte."""


INTERNET = Network()


def fetch(url: str) -> Fetched:
    """Return what `url` answers, at most `INTERNET.seconds` later.

    Raises:
        FetchFailed: there is no plain 200 with JSON, or it may not be asked for.
    """
    network = INTERNET
    until = time.monotonic() + network.seconds
    place = place_of_document(url)
    if place is None:
        raise FetchFailed(Reason.FORBIDDEN)
    host, target = place
    try:
        addresses = _addresses_of(host, network=network, until=until)
        with (
            _connected(addresses, network=network, until=until) as plain,
            network.tls().wrap_socket(plain, server_hostname=host) as secured,
        ):
            secured.settimeout(_left(until))
            secured.sendall(_request(host, target))
            return _read(_Incoming(secured, until=until))
    except TimeoutError:
        raise FetchFailed(Reason.TOO_SLOW) from None
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed(Reason.CERTIFICATE, error.verify_message) from None
    except (OSError, HTTPException, ValueError):
        raise FetchFailed(Reason.UNREACHABLE) from None


def _left(until: float) -> float:
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _addresses_of(host: str, *, network: Network, until: float) -> list[str]:
    """Return the judged addresses. The system's resolver has no deadline: a thread."""
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(network.resolve(host))
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        addresses = answers.get(timeout=_left(until))
    except queue.Empty:
        raise TimeoutError from None
    if not addresses:
        raise FetchFailed(Reason.NO_ADDRESS)
    if not all(map(is_public, addresses)):
        raise FetchFailed(Reason.FORBIDDEN)
    return addresses


def _connected(
    addresses: list[str], *, network: Network, until: float
) -> socket.socket:
    """Return a connection to the first that takes one; IPv4, which all have, first."""
    for address in sorted(addresses, key=lambda one: ":" in one):
        try:
            plain = network.connect(address, min(CONNECT_SECONDS, _left(until)))
        except OSError:
            _left(until)
            continue
        plain.settimeout(_left(until))  # bounds the whole handshake
        return plain
    raise FetchFailed(Reason.UNREACHABLE)


def _request(host: str, target: str) -> bytes:
    lines = (
        f"GET {target} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: django-agent-connector",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


class _Incoming(io.RawIOBase):
    """The bytes of a socket, until the deadline and up to the limit."""

    def __init__(self, source: socket.socket, *, until: float) -> None:
        self._source = source
        self._until = until
        self._bytes_left = MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._source.settimeout(_left(self._until))
        count = self._source.recv_into(buffer)
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise FetchFailed(Reason.TOO_LONG)
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Stand in for a socket, as `HTTPResponse` asks for it."""
        return io.BufferedReader(self)


def _read(incoming: _Incoming) -> Fetched:
    response = HTTPResponse(incoming, method="GET")  # type: ignore[arg-type]  # see makefile
    response.begin()
    if response.status != HTTPStatus.OK:
        raise FetchFailed(Reason.STATUS, str(response.status))
    coding = response.headers.get("Content-Encoding", "identity")
    kind = response.headers.get_content_type()
    if coding.lower() != "identity" or not _JSON.fullmatch(kind):
        raise FetchFailed(Reason.FORMAT)
    if (response.length or 0) > MAX_BODY_BYTES:
        raise FetchFailed(Reason.TOO_LONG)
    body = response.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise FetchFailed(Reason.TOO_LONG)
    return Fetched(
        body=body, fresh_for=fresh_for(response.headers.get("Cache-Control", ""))
    )


def fresh_for(cache_control: str) -> timedelta:
    """Return how long a document counts (RFC 9111 section 5.2.2), within our bounds."""
    if _NEVER_KEEP.search(cache_control):
        return SHORTEST
    found = _MAX_AGE.search(cache_control)
    asked = timedelta(seconds=int(found[1])) if found else USUAL
    return min(max(asked, SHORTEST), LONGEST)
