"""Wait on this computer for the browser to come back with the answer."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

PATH = "/callback"
MAX_REQUEST_BYTES = 16 * 1024
READ_TIMEOUT_SECONDS = 10

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><style>{style}</style></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; place-items: center; min-height: 90vh; margin: 0;
  background: light-dark(#f5f6f8, #0f1014); color: light-dark(#12161c, #f2f3f5) }
main { max-width: 26rem; margin: 1rem; padding: 2rem 2.25rem; border-radius: 12px;
  border: 1px solid light-dark(#dfe3e8, #2a2d34);
  background: light-dark(#fff, #17191e) }
h1 { margin: 0 0 .5rem; font-size: 1.35rem }
p { margin: 0; color: light-dark(#515b66, #a9b0ba) }
"""
_STYLE_SOURCE = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


class CallbackServer:
    """One page on a free port of 127.0.0.1, for the time of one sign-in."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[dict[str, str]] | None = None
        self._server: asyncio.Server | None = None
        self.url = ""
        """Where the browser is to be sent; known inside the `async with`."""

    async def __aenter__(self) -> Self:
        self._answer = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, limit=MAX_REQUEST_BYTES
        )
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}{PATH}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()

    async def answer(self, *, timeout_seconds: float) -> dict[str, str]:
        """Return the parameters that the browser brought.

        Raises:
            TimeoutError: nobody came.
        """
        if self._answer is None:
            raise RuntimeError("The callback server is not running.")
        return await asyncio.wait_for(
            asyncio.shield(self._answer), timeout=timeout_seconds
        )

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(READ_TIMEOUT_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self._page_for(head))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            pass  # somebody knocked and went; the browser is still awaited
        except asyncio.LimitOverrunError:
            pass  # not a browser
        finally:
            writer.close()

    def _page_for(self, head: bytes) -> bytes:
        method, target, *_ = [
            *head.split(b"\r\n", 1)[0].decode("latin-1").split(),
            "",
            "",
        ]
        split = urlsplit(target)
        if method != "GET" or split.path != PATH:
            return _http("404 Not Found", "Nothing here", "The agent waits elsewhere.")
        given = {name: values[0] for name, values in parse_qs(split.query).items()}
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(given)
        if "code" in given:
            return _http(
                "200 OK", "The agent is connected", "Go back to the terminal and watch."
            )
        reason = given.get("error_description") or given.get("error") or "No code."
        return _http("200 OK", "The agent is not connected", reason)


def _http(status: str, title: str, text: str) -> bytes:
    page = _PAGE.format(
        style=_STYLE, title=html.escape(title), text=html.escape(text)
    ).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Security-Policy: default-src 'none';"
        f" style-src 'sha256-{_STYLE_SOURCE}'\r\nReferrer-Policy: no-referrer\r\n"
        f"Cache-Control: no-store\r\nContent-Length: {len(page)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("latin-1") + page
