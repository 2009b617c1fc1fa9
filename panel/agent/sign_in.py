"""Sign in and press Authorize without a person, through the pages a person uses."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx2

from panel.agent.errors import NotSignedIn
from panel.agent.forms import form_with

_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who signs in, and what they choose on the consent page."""

    username: str
    password: str = field(repr=False)
    level: str


async def authorize(url: str, credentials: Credentials) -> None:
    """Open `url` as a browser would and bring its answer to the callback server.

    Raises:
        NotSignedIn: the password is wrong, or the site refuses; the text says which.
    """
    async with httpx2.AsyncClient(follow_redirects=True) as browser:
        page = await browser.get(url)
        if form_with(page.text, "username", "password"):
            page = await _sign_in(browser, page, credentials)
        form = form_with(page.text, "decision", "level")
        if form is None:
            raise NotSignedIn(f"The site says: {_heading_of(page.text)}")
        if credentials.level not in form.choices["level"]:
            raise NotSignedIn(
                f"The consent page does not offer {credentials.level!r}"
                f" to {credentials.username}."
            )
        chosen = {"level": credentials.level, "decision": "allow"}
        page = await _submit(browser, page, form.action, form.fields | chosen)
        if page.is_error:
            raise NotSignedIn(f"The site says: {_heading_of(page.text)}")


async def _sign_in(
    browser: httpx2.AsyncClient, page: httpx2.Response, credentials: Credentials
) -> httpx2.Response:
    form = form_with(page.text, "username", "password")
    if form is None:
        raise NotSignedIn("There is no sign-in form.")
    filled = {"username": credentials.username, "password": credentials.password}
    answer = await _submit(browser, page, form.action, form.fields | filled)
    if form_with(answer.text, "username", "password"):
        raise NotSignedIn(
            f"The sign-in form refuses {credentials.username} with this password."
        )
    return answer


async def _submit(
    browser: httpx2.AsyncClient,
    page: httpx2.Response,
    action: str,
    data: Mapping[str, str | list[str]],
) -> httpx2.Response:
    address = urljoin(str(page.url), action)
    return await browser.post(address, data=data, headers={"Referer": str(page.url)})


def _heading_of(page: str) -> str:
    found = _HEADING.search(page)
    text = html.unescape(_TAG.sub("", found[1])) if found else ""
    return " ".join(text.split()) or "nothing that can be understood"
