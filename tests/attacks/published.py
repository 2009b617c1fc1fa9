"""Programs that published a document, for attacks by and on them."""

from __future__ import annotations

import itertools
import socket
import time
from typing import Any

import httpx

from tests.attacks.answers import assert_local_page
from tests.document_host import HOST, Answer, answer_with, document
from tests.http.hand import from_now, run_sql
from tests.http.person import text_of
from tests.http.server import Site
from tests.http.wire import Registered
from tests.http.world import SECONDS, World

_numbers = itertools.count(1)


def somewhere(site: Site, host: str = HOST) -> Registered:
    """Return a program whose document was never asked for."""
    url = f"https://{host}/{next(_numbers)}/client.json"
    return Registered(site=site, client_id=url, name="Claude Code")


def publish(site: Site, world: World, **changes: Any) -> Registered:
    """Return a program with a sound document, but for these changes."""
    client = somewhere(site)
    world.host.answer = document_of(client, **changes)
    return client


def document_of(client: Registered, **changes: Any) -> Answer:
    return answer_with(document(**{"client_id": client.client_id, **changes}))


def assert_unread(answer: httpx.Response) -> None:
    """A page that says that there is no document, and not why."""
    assert_local_page(answer)
    assert "could not be read" in text_of(answer.text)


def grow_stale(site: Site, client: Registered) -> None:
    """Let the document be asked for again at the next request."""
    run_sql(
        site,
        "UPDATE agent_connector_client SET document_expires_at = ? WHERE client_id = ?",
        *(from_now(seconds=-1), client.client_id),
    )


def endless(first: bytes, then: bytes, *, pause: float = 0.0) -> Answer:
    """Send `first`, then `then` until nobody listens or long after the deadline."""

    def send(peer: socket.socket) -> None:
        peer.sendall(first)
        until = time.monotonic() + 5 * SECONDS
        while time.monotonic() < until:
            peer.sendall(then)
            time.sleep(pause)

    return send
