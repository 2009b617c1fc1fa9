"""The panel as a WSGI application, asked as a server asks it."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from panel.wsgi import application

pytestmark = pytest.mark.django_db


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
