"""Sign in once; take every later refusal as final, instead of signing in again.

The SDK's provider answers each 401 with a new sign-in. That suits an agent whose
person is there, and would hide here what is to be shown.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx2
from mcp.client.auth import OAuthClientProvider

from panel.agent.cut import challenge_of


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer that ended it."""

    status: int
    error: str
    description: str


class SignInOnce(httpx2.Auth):
    """Drive the SDK's provider until `signed_in` is set, then let refusals through."""

    requires_response_body = True

    def __init__(self, provider: OAuthClientProvider) -> None:
        self.provider = provider
        self.signed_in = False
        self.refused: Refused | None = None

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        flow = self.provider.async_auth_flow(request)
        try:
            outgoing = await anext(flow)
            while True:
                response = yield outgoing
                if self.signed_in and outgoing is request:
                    self._look_at(response)
                    return
                outgoing = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

    def _look_at(self, response: httpx2.Response) -> None:
        if response.status_code == httpx2.codes.UNAUTHORIZED:
            challenge = challenge_of(response.headers.get("WWW-Authenticate", ""))
            self.refused = Refused(
                status=response.status_code,
                error=challenge.get("error", ""),
                description=challenge.get("error_description", ""),
            )
