"""The agent from the first request to the last, and what its end is called."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from panel.agent.callback import CallbackServer
from panel.agent.connect import make_guard, sign_in
from panel.agent.cut import cut_sentence
from panel.agent.errors import AgentStopped, CutOff
from panel.agent.farewell import sign_out, try_refresh
from panel.agent.guard import SignInOnce
from panel.agent.options import Options
from panel.agent.terminal import Terminal
from panel.agent.work import Caller, keep_calling, look_around

CALL_TIMEOUT_SECONDS = 15.0
RETRY_SECONDS = 1.0
Wanted = TypeVar("Wanted", bound=BaseException)


async def run_agent(options: Options, terminal: Terminal) -> int:
    """Connect, work until the end, and return the exit code."""
    terminal.say(f"AI Agent Connector: a scripted client of {options.url}")
    terminal.say()
    async with CallbackServer() as callback:
        guard = make_guard(options, callback, terminal)
        try:
            await until_interrupted(_connected(guard, options, terminal))
        except CutOff as cut:
            await _say_cut(guard, terminal)
            return cut.exit_code
        except AgentStopped as stopped:
            terminal.say(str(stopped))
            return stopped.exit_code
        except asyncio.CancelledError:  # Ctrl-C
            await _leave(guard, terminal)
            raise
        await _leave(guard, terminal)
    return 0


async def until_interrupted(work: Coroutine[Any, Any, None]) -> None:
    """Do the work as a task of its own; an interruption ends it and is raised here.

    Inside a call, the SDK turns a cancellation into one of several other errors.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait([task], timeout=CALL_TIMEOUT_SECONDS)
        raise
    task.result()


async def _connected(guard: SignInOnce, options: Options, terminal: Terminal) -> None:
    async with httpx2.AsyncClient(auth=guard, timeout=CALL_TIMEOUT_SECONDS) as http:
        await sign_in(http, guard, options)
        await _work(http, guard, options, terminal)


async def _work(
    http: httpx2.AsyncClient, guard: SignInOnce, options: Options, terminal: Terminal
) -> None:
    """Look around once, then call every second; survive a restart of the server."""
    seen_all = False
    while True:
        try:
            transport = streamable_http_client(options.url, http_client=http)
            async with Client(transport) as client:
                caller = Caller(client, guard, terminal)
                if not seen_all:
                    await look_around(caller)
                    seen_all = True
                if options.once:
                    return
                await keep_calling(caller)
        except Exception as error:  # noqa: BLE001  # the SDK wraps what happens in groups
            _raise_unless_lost(error, guard)
            terminal.say("Nothing answers. Is the demo still running? Trying again …")
            await asyncio.sleep(RETRY_SECONDS)


def _raise_unless_lost(error: Exception, guard: SignInOnce) -> None:
    """Let only a lost connection pass; unwrap and raise everything else."""
    if guard.refused is not None:
        raise CutOff("The server does not accept the token.") from error
    stopped = first_of(AgentStopped, error)
    if stopped is not None:
        raise stopped
    if first_of(httpx2.TransportError, error) is None:
        raise error


def first_of(kind: type[Wanted], error: BaseException) -> Wanted | None:
    """Return the first error of this kind, however deep in groups, or None."""
    if isinstance(error, kind):
        return error
    if isinstance(error, BaseExceptionGroup):
        found = (first_of(kind, one) for one in error.exceptions)
        return next((one for one in found if one is not None), None)
    return None


async def _say_cut(guard: SignInOnce, terminal: Terminal) -> None:
    refused = guard.refused
    said = refused.description if refused else ""
    sentence = cut_sentence(said, now=datetime.now(tz=UTC), zone=None)
    terminal.say()
    terminal.say(f"{refused.status if refused else 401}: {sentence}")
    terminal.say(await try_refresh(guard))


async def _leave(guard: SignInOnce, terminal: Terminal) -> None:
    if not guard.signed_in:
        terminal.say("Stopped before anybody signed in.")
        return
    signed_out = await sign_out(guard)
    terminal.say()
    terminal.say(
        "Stopped. The token was handed back; it is listed as revoked now."
        if signed_out
        else "Stopped. The token could not be handed back: an administrator can"
        " revoke it."
    )
