"""The protocol by hand: each request over a fresh connection, nothing hidden."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx

from tests.factories import CHALLENGE, REDIRECT_URI, VERIFIER
from tests.http.person import Person
from tests.http.sending import TIMEOUT_SECONDS, send
from tests.http.server import Site
from tests.http.wsgi import WORKER_HEADER

Answer = TypeVar("Answer")
_senders = itertools.count(1)
MCP_HEADERS = {
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-11-25",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A client that registered itself, and how it asks for consent."""

    site: Site
    client_id: str
    name: str
    method: str = "none"
    secret: str = field(default="", repr=False)
    """"" for a public client."""

    headers: dict[str, str] = field(default_factory=dict)
    """Sent along with every form."""

    def authorize_url(self, **changes: str | None) -> str:
        """Return the address that it opens; a change to None leaves a parameter out."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": REDIRECT_URI,
            "state": "a state",
            "scope": "read write delete",
            "resource": self.site.mcp_url,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return f"{self.site.url}/mcp/oauth/authorize?{urlencode(given)}"

    def code(self, person: Person, *, level: str = "write") -> str:
        """Return the code of a fresh consent, not exchanged yet."""
        code = person.authorize(self.authorize_url(), level=level)["code"]
        self.site.secrets.append(code)
        return code

    def exchange(self, code: str, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self.client_id,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
            "resource": self.site.mcp_url,
        }
        return self._post("token", {**form, **changes})

    def refresh(self, token: str, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": self.client_id,
            "resource": self.site.mcp_url,
        }
        return self._post("token", {**form, **changes})

    def revoke(self, token: str, **changes: str) -> httpx.Response:
        """Sign out (RFC 7009)."""
        form = {"token": token, "client_id": self.client_id}
        return self._post("revoke", {**form, **changes})

    def _post(self, endpoint: str, form: dict[str, str]) -> httpx.Response:
        """Send a form, with the client's proof in the way it registered."""
        options: dict[str, Any] = {"headers": self.headers}
        if self.method == "client_secret_post":
            form = {"client_secret": self.secret, **form}
        elif self.method == "client_secret_basic":
            options["auth"] = (self.client_id, self.secret)
        return _post_form(self.site, endpoint, form, **options)

    def tokens(self, person: Person, *, level: str = "write") -> Tokens:
        answer = self.exchange(self.code(person, level=level))
        assert answer.status_code == httpx.codes.OK, answer.text
        given = answer.json()
        return Tokens(access=given["access_token"], refresh=given["refresh_token"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One pair, as the client holds it."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


def from_afar() -> dict[str, str]:
    """Return headers as of a proxy, for a sender of its own.

    One address may register 60 clients a minute, and the tests are faster.
    """
    number = next(_senders)
    return {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250}"}


def register(site: Site, name: str = "Wire Client", **members: Any) -> Registered:
    """Register a client (RFC 7591), a public one unless `members` say otherwise.

    `members` go into its metadata.
    """
    metadata = {
        "client_name": name,
        "redirect_uris": [REDIRECT_URI],
        "token_endpoint_auth_method": "none",
        **members,
    }
    url = f"{site.url}/mcp/oauth/register"
    answer = send("POST", url, json=metadata, headers=from_afar())
    assert answer.status_code == httpx.codes.CREATED, answer.text
    given = answer.json()
    secret = given.get("client_secret", "")
    site.secrets.extend(filter(None, [secret]))
    return Registered(
        site=site,
        client_id=given["client_id"],
        name=name,
        method=given["token_endpoint_auth_method"],
        secret=secret,
    )


def post_token(site: Site, form: dict[str, str]) -> httpx.Response:
    """Ask the token endpoint, and note what it hands out."""
    return _post_form(site, "token", form)


def _post_form(
    site: Site, endpoint: str, form: dict[str, str], **options: Any
) -> httpx.Response:
    answer = send("POST", f"{site.url}/mcp/oauth/{endpoint}", data=form, **options)
    if endpoint == "token" and answer.status_code == httpx.codes.OK:
        given = answer.json()
        site.secrets.extend([given["access_token"], given["refresh_token"]])
    return answer


def post_call(
    site: Site, access: str, tool: str = "whoami", **arguments: Any
) -> httpx.Response:
    """Call a tool in the older revision's form, without a handshake."""
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    return send(
        "POST",
        site.mcp_url,
        json=message,
        headers={**MCP_HEADERS, "Authorization": f"Bearer {access}"},
    )


def wait_for_a_window(seconds: int, *, left: int) -> None:
    """Wait until at least `left` seconds are left in which the server counts.

    Its windows follow each other from the beginning of time on.
    """
    remaining = seconds - time.time() % seconds
    if remaining < left:
        time.sleep(remaining)


def worker_of(answer: httpx.Response) -> str:
    """Return the process that answered."""
    return answer.headers[WORKER_HEADER]


def at_once(count: int, act: Callable[[], Answer]) -> list[Answer]:
    """Do the same thing `count` times in parallel, and return all the outcomes."""
    return all_at_once(*[act] * count)


def all_at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Do these things at one moment, and return their outcomes in the same order."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> Answer:
        start.wait(TIMEOUT_SECONDS)
        return act()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return [one.result() for one in [pool.submit(run, act) for act in acts]]
