"""The panel as a WSGI application, asked as a server asks it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from panel.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_connection() -> Iterator[None]:
    """Keep the test's transaction open, which the end of a request would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def status_of(**environ: Any) -> str:
    """Return the status line of the answer to a POST."""
    setup_testing_defaults(environ)
    environ |= {"REQUEST_METHOD": "POST", "wsgi.input": BytesIO(b"{}")}
    environ |= {"CONTENT_LENGTH": "2", "QUERY_STRING": "a=1"}
    said: list[str] = []
    start: Any = lambda status, *_: said.append(status)  # noqa: E731  # loosely typed
    application(environ, start)
    return said[0]


@pytest.mark.parametrize("charset", ["hex", "rot13", "nonsense", "utf-16"])
@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/admin/login/", "application/json", "403 Forbidden"),
        ("/mcp/oauth/token", "application/json", "400 Bad Request"),
    ],
)
def test_a_charset_that_is_none_of_text_breaks_nothing(
    path: str, kind: str, status: str, charset: str
) -> None:
    content_type = f"{kind}; charset={charset}"

    assert status_of(PATH_INFO=path, CONTENT_TYPE=content_type) == status
