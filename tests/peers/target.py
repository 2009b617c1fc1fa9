"""Any authorization server at our addresses, as an attacker sees it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from panel.agent.forms import forms_in
from tests.factories import CHALLENGE, REDIRECT_URI, VERIFIER
from tests.http.person import Person
from tests.http.seed import PASSWORD
from tests.http.server import ROOT
from tests.http.wire import MCP_HEADERS, from_afar

TIMEOUT_SECONDS = 30
SEED = (
    "import django; django.setup();"
    "from django.contrib.auth.models import User;"
    f"User.objects.create_user('editor', password={PASSWORD!r}, is_staff=True)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A running server and somebody who is signed in to it."""

    url: str
    person: Person

    def post(self, endpoint: str, **options: Any) -> httpx.Response:
        url = f"{self.url}/mcp/oauth/{endpoint}"
        # Each request is another sender's, unless it says whose it is.
        headers = {**from_afar(), **options.pop("headers", {})}
        return httpx.post(url, timeout=TIMEOUT_SECONDS, headers=headers, **options)

    def register(
        self, *, headers: dict[str, str] | None = None, **changes: Any
    ) -> httpx.Response:
        metadata = {"client_name": "Attacker", "redirect_uris": [REDIRECT_URI]}
        method = {"token_endpoint_auth_method": "none"}
        described = {**metadata, **method, **changes}
        return self.post("register", json=described, headers=headers or {})

    def client(self, **changes: Any) -> str:
        return str(self.register(**changes).json()["client_id"])

    def authorize(self, client: str, extra: str = "", **changes: Any) -> httpx.Response:
        query = {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": REDIRECT_URI,
            "state": "a state",
            "scope": "read write",
            "resource": f"{self.url}/mcp",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return self.person.get(f"/mcp/oauth/authorize?{urlencode(given)}{extra}")

    def allow(self, page: httpx.Response) -> httpx.Response:
        """Press Authorize."""
        form = next(f for f in forms_in(page.text) if "csrfmiddlewaretoken" in f.fields)
        return self.person.post(page, form, level="write", decision="allow")

    def code(self, client: str, **changes: Any) -> str:
        answer = self.allow(self.authorize(client, **changes))
        return told(answer)["code"]

    def exchange(self, client: str, code: str, **changes: Any) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
            "resource": f"{self.url}/mcp",
        }
        return self.post("token", data={**form, **changes})

    def refresh(
        self,
        client: str,
        token: str,
        *,
        headers: dict[str, str] | None = None,
        **changes: Any,
    ) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        form |= {"client_id": client, **changes}
        return self.post("token", data=form, headers=headers or {})

    def pair(self, client: str) -> dict[str, Any]:
        return dict(self.exchange(client, self.code(client)).json())

    def call(self, access: str, **options: Any) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {access}"} if access else {}
        headers = {**MCP_HEADERS, **bearer}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        url = f"{self.url}/mcp"
        return httpx.post(url, **{"json": message, "headers": headers, **options})


def told(answer: httpx.Response) -> dict[str, str]:
    """Return what a redirect tells the client; nothing if it is no redirect."""
    return dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))


@contextlib.contextmanager
def yardstick(folder: Path) -> Iterator[str]:
    """Serve the minimal site with four workers, and stop it by its process id."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'yardstick.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.peers.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    for arguments in (["-m", "django", "migrate", "-v", "0"], ["-c", SEED]):
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    log = folder / "yardstick.log"
    with contextlib.closing(_listener()) as listener, log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--workers", "4"),
                *("--threads", "4", "--bind", f"fd://{listener.fileno()}"),
                *("--no-control-socket", "--log-level", "warning"),
                "django.core.wsgi:get_wsgi_application()",
            ],
            cwd=ROOT,
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(timeout=TIMEOUT_SECONDS)


def _listener() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener
