"""The panel behind gunicorn; each answer tells which worker process gave it.

`TEST_WORLD` names the folder of a small world that client documents are fetched from.
Nothing else replaces the internet: no setting of a site does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from agent_connector.oauth import fetch
from panel.wsgi import application as panel_application
from tests.http.world import network_in

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

WORKER_HEADER = "X-Test-Worker"

if "TEST_WORLD" in os.environ:
    fetch.INTERNET = network_in(Path(os.environ["TEST_WORLD"]))


def application(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
        stamped = [*headers, (WORKER_HEADER, str(os.getpid()))]
        return start_response(status, stamped, *rest)  # type: ignore[arg-type]

    return panel_application(environ, start)  # type: ignore[arg-type]
