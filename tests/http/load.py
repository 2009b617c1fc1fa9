"""Many clients that call without pause, and the moment at which they are cut."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.http.server import Site
from tests.http.wire import MCP_HEADERS
from tests.http.wsgi import WORKER_HEADER

CLIENTS = 16
CALLS_A_CONNECTION = 10
"""Then a new one is opened, so that each client meets each worker."""


@dataclass(slots=True)
class Call:
    """One call: when its first byte was sent, and when it was answered."""

    status: int
    worker: str
    is_late: bool
    """Whether it was begun after the answer to the revoke had arrived."""

    began: float
    ended: float


@dataclass(slots=True, kw_only=True)
class Round:
    """What the clients met with, and how long the revoke took."""

    calls: list[Call]
    pressed: float
    answered: float

    @property
    def late(self) -> list[Call]:
        return [call for call in self.calls if call.is_late]

    @property
    def in_flight(self) -> list[Call]:
        """Those that had begun when the button was pressed, and were not over."""
        return [call for call in self.calls if call.began < self.pressed < call.ended]


def message(method: str, **params: Any) -> bytes:
    return json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    ).encode()


def tool_call(tool: str, **arguments: Any) -> bytes:
    return message("tools/call", name=tool, arguments=arguments)


@dataclass(slots=True, kw_only=True)
class Load:
    """Clients under whose calls something is revoked."""

    site: Site
    accesses: Sequence[str] = field(repr=False)
    """One token for each client."""

    messages: Sequence[Sequence[bytes]]
    """For each client, what it sends in turn."""

    before: int
    """Calls that are answered before the button is pressed."""

    late_each: int
    """Calls that each client goes on to begin after the answer."""

    _answered: threading.Event = field(default_factory=threading.Event)
    _begun: Any = field(default_factory=itertools.count)
    _ready: threading.Event = field(default_factory=threading.Event)

    def run(self, revoke: Callable[[], httpx.Response]) -> Round:
        with ThreadPoolExecutor(CLIENTS) as pool:
            running = [pool.submit(self._call, number) for number in range(CLIENTS)]
            assert self._ready.wait(60)
            pressed = time.monotonic()
            answer = revoke()
            answered = time.monotonic()
            self._answered.set()
            assert answer.status_code == httpx.codes.FOUND, answer.text
            calls = [call for one in running for call in one.result()]
        return Round(calls=calls, pressed=pressed, answered=answered)

    def _call(self, number: int) -> list[Call]:
        calls: list[Call] = []
        bodies = itertools.cycle(self.messages[number])
        while sum(call.is_late for call in calls) < self.late_each:
            place = urlsplit(self.site.url)
            opened = http.client.HTTPConnection(str(place.hostname), place.port, 60)
            with contextlib.closing(opened) as wire:
                few = itertools.islice(bodies, CALLS_A_CONNECTION)
                calls += [self._send(wire, number, body) for body in few]
        return calls

    def _send(self, wire: http.client.HTTPConnection, number: int, body: bytes) -> Call:
        headers = {
            **MCP_HEADERS,
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.accesses[number]}",
        }
        is_late = self._answered.is_set()
        began = time.monotonic()
        wire.request("POST", "/mcp", body, headers)
        answer = wire.getresponse()
        answer.read()
        ended = time.monotonic()
        if next(self._begun) >= self.before:
            self._ready.set()
        worker = answer.headers[WORKER_HEADER]
        return Call(answer.status, worker, is_late, began, ended)
