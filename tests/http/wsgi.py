"""The panel behind gunicorn; each answer tells which worker process gave it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from panel.wsgi import application as panel_application

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

WORKER_HEADER = "X-Test-Worker"


def application(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
        stamped = [*headers, (WORKER_HEADER, str(os.getpid()))]
        return start_response(status, stamped, *rest)  # type: ignore[arg-type]

    return panel_application(environ, start)  # type: ignore[arg-type]
