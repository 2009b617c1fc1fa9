"""The last requests: is the refresh token dead too, and signing out politely."""

from __future__ import annotations

import httpx2

from panel.agent.guard import SignInOnce


async def try_refresh(guard: SignInOnce) -> str:
    """Present the refresh token once more and say in a sentence what came of it."""
    context = guard.provider.context
    if context.oauth_metadata is None or not context.can_refresh_token():
        return "There is no refresh token left to try."
    answer = await _post(
        str(context.oauth_metadata.token_endpoint),
        guard,
        grant_type="refresh_token",
        refresh_token=_refresh_token_of(guard),
        resource=context.get_resource_url(),
    )
    if answer is None:
        return "The refresh token could not be tried: nothing answers."
    if answer.status_code == httpx2.codes.OK:
        return "The refresh token still works. That should not be: please report it."
    return (
        f"The refresh token is dead too ({answer.status_code} {_error_of(answer)})."
        " Only a new sign-in by a person lets this agent in again."
    )


async def sign_out(guard: SignInOnce) -> bool:
    """Hand the token back (RFC 7009) and say whether the server took it."""
    metadata = guard.provider.context.oauth_metadata
    if metadata is None or metadata.revocation_endpoint is None:
        return False
    token = _refresh_token_of(guard)
    answer = await _post(str(metadata.revocation_endpoint), guard, token=token)
    return answer is not None and answer.status_code == httpx2.codes.OK


async def _post(url: str, guard: SignInOnce, **form: str) -> httpx2.Response | None:
    client = guard.provider.context.client_info
    form["client_id"] = (client and client.client_id) or ""
    try:
        async with httpx2.AsyncClient() as http:
            return await http.post(url, data=form)
    except httpx2.TransportError:
        return None


def _refresh_token_of(guard: SignInOnce) -> str:
    tokens = guard.provider.context.current_tokens
    return (tokens and tokens.refresh_token) or ""


def _error_of(answer: httpx2.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return "without a reason"
