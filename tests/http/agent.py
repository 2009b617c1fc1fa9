"""An AI client on the official SDK: registers, is authorized, calls tools."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata
from mcp_types import CallToolResult
from pydantic import AnyUrl

from panel.agent.connect import Memory
from tests.factories import REDIRECT_URI
from tests.http.person import Person
from tests.http.server import Site
from tests.http.wire import from_afar

Answer = TypeVar("Answer")
_numbers = itertools.count(1)


@dataclass(slots=True, kw_only=True)
class Agent:
    """A client that was authorized once; each use is a connection of its own."""

    site: Site
    provider: OAuthClientProvider = field(repr=False)
    name: str
    headers: dict[str, str] = field(default_factory=from_afar)

    @property
    def access(self) -> str:
        tokens = self.provider.context.current_tokens
        assert tokens is not None
        return tokens.access_token

    @property
    def refresh(self) -> str:
        tokens = self.provider.context.current_tokens
        assert tokens is not None
        assert tokens.refresh_token is not None
        return tokens.refresh_token

    @property
    def client_id(self) -> str:
        client = self.provider.context.client_info
        assert client is not None
        assert client.client_id is not None
        return client.client_id

    def call(
        self, tool: str, *, mode: str = "auto", **arguments: Any
    ) -> dict[str, Any]:
        """Call one tool through the SDK and return its structured answer."""
        result = self.run(lambda client: client.call_tool(tool, arguments), mode=mode)
        assert isinstance(result, CallToolResult)
        assert not result.is_error, result.content
        return dict(result.structured_content)

    def run(
        self, use: Callable[[Client], Awaitable[Answer]], *, mode: str = "auto"
    ) -> Answer:
        """Connect with the SDK in this mode, and do one thing."""

        async def work() -> Answer:
            async with httpx2.AsyncClient(
                auth=self.provider, headers=self.headers
            ) as http:
                transport = streamable_http_client(self.site.mcp_url, http_client=http)
                async with Client(transport, mode=mode) as client:
                    return await use(client)

        return asyncio.run(work())


def connect_agent(
    site: Site,
    person: Person,
    *,
    level: str = "write",
    mode: str = "auto",
    name: str = "",
    auth_method: Literal["none", "client_secret_basic", "client_secret_post"] = "none",
) -> Agent:
    """Let the SDK discover, register and exchange; the person gives the consent."""
    answers: list[dict[str, str]] = []

    async def open_page(url: str) -> None:
        answers.append(await asyncio.to_thread(person.authorize, url, level=level))

    async def wait_for_answer() -> AuthorizationCodeResult:
        answer = answers[-1]
        site.secrets.append(answer["code"])
        return AuthorizationCodeResult(
            code=answer["code"], state=answer["state"], iss=answer["iss"]
        )

    name = name or f"Test Agent {next(_numbers)}"
    metadata = OAuthClientMetadata(
        client_name=name,
        redirect_uris=[AnyUrl(REDIRECT_URI)],
        token_endpoint_auth_method=auth_method,
    )
    provider = OAuthClientProvider(
        site.mcp_url, metadata, Memory(), open_page, wait_for_answer
    )
    agent = Agent(site=site, provider=provider, name=name)
    agent.run(lambda client: client.list_tools(), mode=mode)
    site.secrets.extend([agent.access, agent.refresh])
    client = provider.context.client_info
    if client is not None and client.client_secret:
        site.secrets.append(client.client_secret)
    return agent
