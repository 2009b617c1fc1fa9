"""What the agent does once it is in: look around, change a price, keep calling."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mcp import Client, MCPError
from mcp_types import CallToolResult, TextContent

from panel.agent.errors import CutOff
from panel.agent.guard import SignInOnce
from panel.agent.price import next_price
from panel.agent.terminal import Terminal

MODEL = "shop.product"
QUERIES = ("enamel kettle", "lamp", "notebook", "candle", "soap")
PAUSE_SECONDS = 1.0
_LEVEL_WORDS = {
    "read": "read",
    "write": "read and change",
    "delete": "read, change and delete",
}


class CallFailed(Exception):
    """The server did not do it; the text says why."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One connected client, and the terminal that hears of each call."""

    client: Client
    guard: SignInOnce
    terminal: Terminal

    async def search(self, query: str) -> dict[str, Any]:
        """Search the products."""
        return await self.ask("search_records", model=MODEL, query=query, limit=5)

    async def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool, say one line about it, and return its answer.

        Raises:
            CutOff: the token is not accepted any more.
            CallFailed: the tool refused or failed; already said.
        """
        begun = time.perf_counter()
        answer, outcome = await self._try(tool, arguments)
        self.terminal.call(
            tool,
            outcome,
            at=datetime.now(tz=UTC).astimezone(),
            seconds=time.perf_counter() - begun,
        )
        if answer is None:
            raise CallFailed(outcome)
        return answer

    async def _try(
        self, tool: str, arguments: dict[str, Any]
    ) -> tuple[dict[str, Any] | None, str]:
        """Return the answer, if there is one, and what to say of the call."""
        try:
            answer = _answer_of(await self.client.call_tool(tool, arguments))
        except (MCPError, CallFailed) as error:
            if self.guard.refused is not None:
                raise CutOff("The server does not accept the token.") from error
            return None, f"not done: {error}"
        return answer, summary_of(answer, arguments)


def _answer_of(result: CallToolResult) -> dict[str, Any]:
    if result.is_error:
        texts = [part.text for part in result.content if isinstance(part, TextContent)]
        raise CallFailed(" ".join(" ".join(texts).split()) or "no reason given")
    return dict(result.structured_content or {})


def summary_of(answer: dict[str, Any], arguments: dict[str, Any]) -> str:
    """Return what an answer says, in a few words."""
    match answer:
        case {"total": total, "rows": _}:
            return f"“{arguments.get('query', '')}”: {total} found"
        case {"label": str(label)}:
            return label
        case {"user": {"username": str(username)}}:
            return username
        case _:
            return "done"


async def look_around(caller: Caller) -> None:
    """Say who we are, list the tools, search, and change one price."""
    client, terminal = caller.client, caller.terminal
    me = await caller.ask("whoami")
    user, connection = me["user"], me["connection"]
    terminal.step(
        f"Connected as {user['name']} ({user['username']}), who let"
        f" {connection['client']} {_LEVEL_WORDS[connection['level']]}",
        f"MCP revision {client.protocol_version}",
    )
    tools = (await client.list_tools()).tools
    terminal.step(f"{len(tools)} tools: {', '.join(tool.name for tool in tools)}")
    record = await _pick(caller)
    if record is None:
        terminal.step("This account sees no products: no price is changed")
    elif "write" not in connection["scopes"]:
        terminal.step("This connection may only read: no price is changed")
    else:
        await _change_price(caller, record)


async def keep_calling(caller: Caller) -> None:
    """Call a tool every second, until something raises."""
    caller.terminal.say()
    caller.terminal.say("Calling every second. Ctrl-C ends it; so does a revoke:")
    for turn in itertools.count():
        query = QUERIES[turn % len(QUERIES)]
        with contextlib.suppress(CallFailed):  # it was said, and may pass
            await caller.search(query)
        await asyncio.sleep(PAUSE_SECONDS)


async def _pick(caller: Caller) -> dict[str, Any] | None:
    """Return a product to reprice: the first that is found, or None."""
    for query in (QUERIES[0], ""):
        with contextlib.suppress(CallFailed):
            rows = (await caller.search(query))["rows"]
            if rows:
                return dict(rows[0])
    return None


async def _change_price(caller: Caller, row: dict[str, Any]) -> None:
    with contextlib.suppress(CallFailed):  # the line about the call says why
        record = await caller.ask("get_record", model=MODEL, id=row["id"])
        old = Decimal(str(record["values"]["price"]))
        new = next_price(old)
        await caller.ask(
            "update_record",
            model=MODEL,
            id=row["id"],
            values={"price": str(new)},
            expected_version=record["version"],
        )
        caller.terminal.step(
            f"Changed the price of {record['label']} from € {old} to € {new}",
            f"Its History names this agent: {_history_of(record['url'])}",
        )


def _history_of(url: str) -> str:
    return url.replace("/change/", "/history/")
