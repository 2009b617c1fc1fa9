"""Ask the site's public address over HTTP, as a client does, within a deadline.

No redirect is followed and no proxy of the environment used: what is asked is what
answers. Certificates are always verified.
"""

from __future__ import annotations

import json
import queue
import socket
import ssl
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from enum import StrEnum, auto
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.views.decorators.debug import sensitive_variables

from agent_connector.errors import AgentConnectorError
from agent_connector.policy.arrival import (
    HEADER,
    Arrival,
    fresh_question,
    read_arrival,
)

REQUEST_SECONDS = 5.0
RUN_SECONDS = 20.0
"""For all requests together; servers often end what takes longer than 30."""

MAX_BODY_BYTES = 256 * 1024
_PORTS = {"http": 80, "https": 443}
_USER_AGENT = "django-agent-connector-doctor"


class Silence(StrEnum):
    """Why there was no answer."""

    NO_ADDRESS = auto()
    REFUSED = auto()
    UNREACHABLE = auto()
    CERTIFICATE = auto()
    NO_TLS = auto()
    TOO_SLOW = auto()
    NO_HTTP = auto()
    OUT_OF_TIME = auto()


class NoAnswer(AgentConnectorError):
    """The site did not answer; `detail` is what the system says of it."""

    def __init__(self, silence: Silence, detail: str = "") -> None:
        super().__init__(f"{silence} {detail}".rstrip())
        self.silence = silence
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, redirects included."""

    path: str
    status: int
    headers: Message = field(repr=False)
    body: bytes = field(repr=False)
    local_port: int
    """Of our end of the connection: what the site sees if nothing is between."""

    at: datetime
    """When it was complete, by this machine's clock."""

    arrival: Arrival | None
    """What the application saw, or None: somebody else or a cache has answered."""

    def header(self, name: str) -> str:
        return str(self.headers.get(name) or "")

    def document(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, or None if it is none."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None


@dataclass(slots=True, kw_only=True)
class Wire:
    """The way to one site, within the time of one run."""

    url: str
    until: float = field(default_factory=lambda: time.monotonic() + RUN_SECONDS)
    seconds: float = REQUEST_SECONDS
    expires: str = ""
    """Until when the certificate counts, as the connection had it; "" before."""

    _addresses: dict[str, list[str]] = field(default_factory=dict)

    @sensitive_variables()
    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        url: str = "",
    ) -> Answer:
        """Return the answer at `path` of the site, or of `url` instead.

        Raises:
            NoAnswer: there is none within the time.
        """
        until = min(time.monotonic() + self.seconds, self.until)
        question = fresh_question()
        asked = urlsplit(url or self.url)
        sent = {
            "Accept": "application/json, text/event-stream",
            "Accept-Encoding": "identity",
            "User-Agent": _USER_AGENT,
            HEADER: question,
            "Connection": "close",
            **(headers or {}),
        }
        try:
            with closing(self._connected(asked, until=until)) as connected:
                local_port = connected.getsockname()[1]
                connection = HTTPConnection(asked.netloc)
                connection.sock = connected
                connection.request(method, path, body=body, headers=sent)
                with connection.getresponse() as response:
                    content = _content_of(response, connected, until=until)
        except TimeoutError:
            is_over = time.monotonic() >= self.until
            silence = Silence.OUT_OF_TIME if is_over else Silence.TOO_SLOW
            raise NoAnswer(silence) from None
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(Silence.NO_HTTP, type(error).__name__) from None
        told = str(response.headers.get(HEADER) or "")
        return Answer(
            path=path,
            status=response.status,
            headers=response.headers,
            body=content,
            local_port=local_port,
            at=datetime.fromtimestamp(time.time(), tz=UTC),
            arrival=read_arrival(told, question=question),
        )

    def _connected(self, asked: SplitResult, *, until: float) -> socket.socket:
        """Return a connection to the first address that takes one, secured if need be."""
        host, port = asked.hostname or "", asked.port or _PORTS[asked.scheme]
        plain = self._first_that_takes(host, port, until=until)
        if asked.scheme == "http":
            return plain
        try:
            secured = ssl.create_default_context().wrap_socket(
                plain, server_hostname=host
            )
        except OSError as error:
            plain.close()
            match error:
                case ssl.SSLCertVerificationError():
                    detail = error.verify_message
                    raise NoAnswer(Silence.CERTIFICATE, detail) from None
                case TimeoutError():
                    raise
                case _:
                    raise NoAnswer(Silence.NO_TLS) from None
        self.expires = str((secured.getpeercert() or {}).get("notAfter", ""))
        return secured

    def _first_that_takes(self, host: str, port: int, *, until: float) -> socket.socket:
        silence = NoAnswer(Silence.NO_ADDRESS)
        for address in self._addresses_of(host, port, until=until):
            try:
                plain = socket.create_connection((address, port), _left(until))
            except ConnectionRefusedError:
                silence = NoAnswer(Silence.REFUSED)
            except OSError:
                silence = NoAnswer(Silence.UNREACHABLE)
            else:
                plain.settimeout(_left(until))
                return plain
        raise silence

    def _addresses_of(self, host: str, port: int, *, until: float) -> list[str]:
        """Look the name up once. The system's resolver has no deadline: a thread."""
        if host not in self._addresses:
            answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
            threading.Thread(
                target=lambda: answers.put(_resolved(host, port)), daemon=True
            ).start()
            try:
                self._addresses[host] = answers.get(timeout=_left(until))
            except queue.Empty:
                raise NoAnswer(Silence.NO_ADDRESS) from None
        return self._addresses[host]


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _content_of(
    response: HTTPResponse, connected: socket.socket, *, until: float
) -> bytes:
    """Read what matters of the body: a stream need not end for us."""
    content = b""
    while len(content) < MAX_BODY_BYTES:
        connected.settimeout(_left(until))
        part = response.read1(MAX_BODY_BYTES - len(content))
        if not part:
            break
        content += part
    return content


def _left(until: float) -> float:
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
