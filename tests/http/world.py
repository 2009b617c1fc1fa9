"""The world outside the served panel: where names lead is written in a file."""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent_connector.oauth.fetch import Network

if TYPE_CHECKING:
    from tests.document_host import DocumentHost

SECONDS = 2.0
"""The deadline of a fetch here: short, for what has to wait for it."""

_ZONE, _ASKED, _CONNECTED, _PORT = "zone.json", "asked", "connected", "port"


@dataclass(frozen=True, slots=True)
class World:
    """What a test says of the world, and what the server looked for in it."""

    folder: Path
    """Both read it: the test that writes, and the workers of the server."""

    host: DocumentHost
    """Where every connection ends, whatever its address."""

    def begin(self, zone: dict[str, list[list[str]]]) -> None:
        """Forget what was asked, and let these names be all there are."""
        self.host.requests.clear()
        (self.folder / _PORT).write_text(str(self.host.port))
        for name in (_ASKED, _CONNECTED):
            (self.folder / name).write_text("")
        self.lead(zone)

    def lead(self, zone: dict[str, list[list[str]]]) -> None:
        """Give each name its answers, in their order; the last is for ever."""
        (self.folder / _ZONE).write_text(json.dumps(zone))

    @property
    def asked(self) -> list[str]:
        """The names that an address was asked for."""
        return _lines(self.folder / _ASKED)

    @property
    def connected(self) -> list[str]:
        """The addresses that a connection was asked for."""
        return _lines(self.folder / _CONNECTED)


def network_in(folder: Path) -> Network:
    """Return this world as the server reaches it, in place of the internet."""

    def resolve(name: str) -> list[str]:
        before = _lines(folder / _ASKED).count(name)
        _note(folder / _ASKED, name)
        answers: list[list[str]] = json.loads((folder / _ZONE).read_text()).get(
            name, [[]]
        )
        return answers[min(before, len(answers) - 1)]

    def connect(address: str, seconds: float) -> socket.socket:
        _note(folder / _CONNECTED, address)
        port = int((folder / _PORT).read_text())
        return socket.create_connection(("127.0.0.1", port), seconds)

    authority = folder / "authority.pem"
    return Network(
        resolve=resolve,
        connect=connect,
        tls=lambda: ssl.create_default_context(cafile=authority),
        seconds=SECONDS,
    )


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines()


def _note(file: Path, line: str) -> None:
    with file.open("a") as notes:
        notes.write(f"{line}\n")
