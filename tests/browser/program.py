"""An AI client as programs are: it registers, is authorized, and calls over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from django.contrib.auth.models import User

from agent_connector.models import Client
from tests.authorization import REGISTER, TOKEN, answer_in, authorize_url, decide
from tests.factories import REDIRECT_URI, VERIFIER
from tests.screens import signed_in

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "whoami", "arguments": {}},
}


@dataclass(slots=True)
class Program:
    """A connected client, with the tokens that it was given."""

    url: str
    client_id: str
    tokens: dict[str, Any]

    def call(self) -> int:
        """Return the status of a real tool call."""
        answer = httpx.post(
            f"{self.url}/mcp",
            json=CALL,
            headers={
                "Authorization": f"Bearer {self.tokens['access_token']}",
                "Accept": "application/json, text/event-stream",
                "MCP-Protocol-Version": "2025-06-18",
            },
        )
        return answer.status_code

    def refresh(self) -> int:
        """Return the status of asking for another access token."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self.tokens["refresh_token"],
            "client_id": self.client_id,
        }
        return httpx.post(f"{self.url}{TOKEN}", data=form).status_code


def connect(url: str, user: User, name: str = "Claude Code") -> Program:
    """Register a program of this name and have the user authorize it."""
    registered = httpx.post(
        f"{url}{REGISTER}",
        json={
            "client_name": name,
            "redirect_uris": [REDIRECT_URI],
            "token_endpoint_auth_method": "none",
        },
    ).json()
    client = Client.objects.get(client_id=registered["client_id"])
    given = answer_in(decide(signed_in(user), authorize_url(client), level="read"))
    form = {
        "grant_type": "authorization_code",
        "code": given["code"],
        "redirect_uri": REDIRECT_URI,
        "client_id": client.client_id,
        "code_verifier": VERIFIER,
    }
    tokens = httpx.post(f"{url}{TOKEN}", data=form).json()
    return Program(url=url, client_id=client.client_id, tokens=tokens)
