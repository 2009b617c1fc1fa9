"""Get a token the way every AI client does: discover, register, ask a person."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx2
from mcp.client.auth import OAuthClientProvider, OAuthFlowError
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyUrl

from panel.agent.callback import CallbackServer
from panel.agent.errors import NothingAnswers, NotSignedIn
from panel.agent.guard import SignInOnce
from panel.agent.options import LEVELS, PASSWORD_VARIABLE, Options
from panel.agent.sign_in import Credentials, authorize
from panel.agent.terminal import Terminal

CLIENT_NAME = "Demo Agent"
PERSON_TIMEOUT_SECONDS = 300
"""How long a person may take to sign in."""


class Memory:
    """Keep the tokens for as long as the agent runs, and nowhere else."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


def make_guard(
    options: Options, callback: CallbackServer, terminal: Terminal
) -> SignInOnce:
    """Return the SDK's OAuth client, held to one sign-in."""

    async def open_page(url: str) -> None:
        await _open_page(narrow_scope(url, options.level), options, terminal)

    async def wait_for_answer() -> AuthorizationCodeResult:
        return await _wait_for_answer(callback)

    metadata = OAuthClientMetadata(
        client_name=CLIENT_NAME,
        redirect_uris=[AnyUrl(callback.url)],
        token_endpoint_auth_method="none",  # noqa: S106  # a public client
    )
    return SignInOnce(
        OAuthClientProvider(options.url, metadata, Memory(), open_page, wait_for_answer)
    )


async def sign_in(
    http: httpx2.AsyncClient, guard: SignInOnce, options: Options
) -> None:
    """Go from the first 401 to a token.

    Raises:
        NothingAnswers: nobody listens, or it is no MCP endpoint.
        NotSignedIn: denied, refused, or nobody came.
    """
    try:
        response = await http.get(options.url)
    except httpx2.TransportError as error:
        raise NothingAnswers(
            f"Nothing answers at {options.url}."
            " Start it with `make demo` in another terminal."
        ) from error
    except OAuthFlowError as error:
        raise NotSignedIn(f"The sign-in went wrong: {error}") from error
    if guard.provider.context.current_tokens is None:
        raise NothingAnswers(
            f"{options.url} answered {response.status_code} without asking for a"
            " sign-in. Is that the address of an MCP server?"
        )
    guard.signed_in = True


def narrow_scope(url: str, level: str) -> str:
    """Ask for this level and what it includes; an empty level leaves `url` as it is."""
    if not level:
        return url
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query["scope"] = " ".join(LEVELS[: LEVELS.index(level) + 1])
    return urlunsplit(parts._replace(query=urlencode(query)))


def can_open_browser(environment: Mapping[str, str], *, platform: str) -> bool:
    """Say whether opening a browser shows a window, not a program in the terminal."""
    if "BROWSER" in environment or platform in {"darwin", "win32"}:
        return True
    return "DISPLAY" in environment or "WAYLAND_DISPLAY" in environment


async def _open_page(url: str, options: Options, terminal: Terminal) -> None:
    if options.username:
        terminal.step(f"Signing in as {options.username}, through the site's own pages")
        credentials = Credentials(
            username=options.username,
            password=os.environ[PASSWORD_VARIABLE],
            level=options.level or "write",
        )
        await authorize(url, credentials)
        return
    terminal.step(
        "Sign in, choose what the agent may do, and press Authorize:", "", url, ""
    )
    terminal.say("Waiting for you. Ctrl-C gives up.")
    if options.open_browser and can_open_browser(os.environ, platform=sys.platform):
        await asyncio.to_thread(webbrowser.open, url)


async def _wait_for_answer(callback: CallbackServer) -> AuthorizationCodeResult:
    try:
        answer = await callback.answer(timeout_seconds=PERSON_TIMEOUT_SECONDS)
    except TimeoutError as error:
        minutes = PERSON_TIMEOUT_SECONDS // 60
        raise NotSignedIn(f"Nobody signed in within {minutes} minutes.") from error
    if answer.get("error") == "access_denied":
        said = answer.get("error_description", "")
        raise NotSignedIn(f"Access was denied. {said}".strip())
    if "code" not in answer:
        said = answer.get("error_description") or answer.get("error") or "no code"
        raise NotSignedIn(f"The site refused: {said}")
    return AuthorizationCodeResult(
        code=answer["code"], state=answer.get("state"), iss=answer.get("iss")
    )
