"""Go through OAuth with Django's test client: the browser's steps and the program's."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client as Browser

from agent_connector.models import Client
from tests.factories import CHALLENGE, REDIRECT_URI, VERIFIER

AUTHORIZE = "/mcp/oauth/authorize"
TOKEN = "/mcp/oauth/token"
REGISTER = "/mcp/oauth/register"
REVOKE = "/mcp/oauth/revoke"
FORM = "application/x-www-form-urlencoded"
STATE = "xyz-123"

_TICKET = re.compile(r'name="ticket" value="([^"]+)"')


def authorize_url(client: Client, **changes: str | None) -> str:
    """Return a sound authorization URL, with parameters changed or, by None, removed."""
    parameters = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": REDIRECT_URI,
        "state": STATE,
        "scope": "read write delete",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{AUTHORIZE}?{urlencode(given)}"


def ticket_on(page: Any) -> str:
    """Return the ticket in the page's form."""
    found = _TICKET.search(page.content.decode())
    assert found is not None, page.content.decode()
    return found[1]


def decide(browser: Browser, url: str, **fields: str) -> Any:
    """Open the consent page, post its form with these choices, return the answer."""
    ticket = ticket_on(browser.get(url))
    return browser.post(url, {"ticket": ticket, "decision": "allow", **fields})


def answer_in(response: Any) -> dict[str, str]:
    """Return the parameters that a redirect carries to the client, each once."""
    assert response.status_code in {302, 303}, response.status_code
    pairs = parse_qsl(urlsplit(response.headers["Location"]).query)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def ask_token(program: Browser, **changes: str | None) -> Any:
    """Post a token request for a code, with fields changed or, by None, removed."""
    fields = {
        "grant_type": "authorization_code",
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        **changes,
    }
    return post_form(program, TOKEN, **fields)


def ask_refresh(program: Browser, **fields: str | None) -> Any:
    return post_form(program, TOKEN, grant_type="refresh_token", **fields)


def post_form(program: Browser, url: str, **fields: str | None) -> Any:
    given = {name: value for name, value in fields.items() if value is not None}
    return program.post(url, urlencode(given), content_type=FORM)
