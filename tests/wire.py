"""Speak to the endpoint as a client does, through Django's test client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.test import Client

from tests.factories import make_admin, make_connection

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpResponse

MODERN = "2026-07-28"
PING = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'


def access_token(user: User | None = None, *, level: str = "write") -> str:
    """Return a token that works; without a user: a superuser's."""
    return make_connection(user or make_admin(username=""), level=level)[1].access


def send(
    token: str = "",
    body: bytes = PING,
    *,
    method: str = "POST",
    path: str = "/mcp",
    content_type: str = "application/json",
    **headers: str,
) -> HttpResponse:
    """Send raw bytes; header names are written with underscores."""
    if token:
        headers.setdefault("Authorization", f"Bearer {token}")
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response: Any = Client().generic(
        method, path, body, content_type=content_type, headers=given
    )
    return response  # type: ignore[no-any-return]


def ask(token: str, method: str, **params: Any) -> HttpResponse:
    """Send one request of the handshake revisions."""
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return send(token, json.dumps(message).encode())


def ask_modern(
    token: str,
    method: str,
    *,
    capabilities: dict[str, Any] | None = None,
    **params: Any,
) -> HttpResponse:
    """Send one request of the revision without handshake."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": capabilities or {},
    }
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": method,
        "params": {**params, "_meta": meta},
    }
    headers = {"MCP_Protocol_Version": MODERN, "Mcp_Method": method}
    if "name" in params:
        headers["Mcp_Name"] = params["name"]
    return send(token, json.dumps(message).encode(), **headers)


def call(token: str, tool: str, **arguments: Any) -> HttpResponse:
    return ask(token, "tools/call", name=tool, arguments=arguments)


def json_of(response: HttpResponse) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(response.content)
    return decoded


def error_code(response: HttpResponse) -> int:
    code: int = json_of(response)["error"]["code"]
    return code
