"""The page on this computer that the browser comes back to."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from panel.agent.callback import CallbackServer


async def _visit(query: str) -> tuple[httpx.Response, dict[str, str]]:
    async with CallbackServer() as callback, httpx.AsyncClient() as browser:
        page = await browser.get(f"{callback.url}{query}")
        return page, await callback.answer(timeout_seconds=5)


def test_the_browser_brings_the_code_and_is_thanked() -> None:
    page, answer = asyncio.run(_visit("?code=c&state=s&iss=http%3A%2F%2Fsite"))

    assert answer == {"code": "c", "state": "s", "iss": "http://site"}
    assert "The agent is connected" in page.text


def test_a_refusal_is_shown_with_its_reason_and_nothing_of_it_becomes_markup() -> None:
    page, answer = asyncio.run(
        _visit("?error=access_denied&error_description=%3Cb%3EYou+denied")
    )

    assert answer["error"] == "access_denied"
    assert "&lt;b&gt;You denied" in page.text


def test_another_address_is_not_found_and_answers_nothing() -> None:
    async def visit() -> int:
        async with CallbackServer() as callback, httpx.AsyncClient() as browser:
            page = await browser.get(callback.url.replace("/callback", "/favicon.ico"))
            with pytest.raises(TimeoutError):
                await callback.answer(timeout_seconds=0.01)
            return page.status_code

    assert asyncio.run(visit()) == httpx.codes.NOT_FOUND


def test_whoever_speaks_no_http_does_not_end_the_waiting() -> None:
    async def visit() -> dict[str, str]:
        async with CallbackServer() as callback, httpx.AsyncClient() as browser:
            port = httpx.URL(callback.url).port
            _, knocker = await asyncio.open_connection("127.0.0.1", port)
            knocker.write(b"\x00" * 40_000)
            knocker.close()
            await browser.get(f"{callback.url}?code=c")
            return await callback.answer(timeout_seconds=5)

    assert asyncio.run(visit()) == {"code": "c"}
