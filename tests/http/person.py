"""A person with a browser: signs in, gives consent, and presses buttons in the admin."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from panel.agent.forms import Form, form_with, forms_in
from tests.http.seed import PASSWORD
from tests.http.sending import TIMEOUT_SECONDS, WITHOUT_TLS


class Refused(Exception):
    """The site shows a page without the form that was looked for."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__(f"{page.status_code} {page.url}: {text_of(page.text)[:300]}")
        self.page = page


class Person:
    """One signed-in browser; redirects are followed within the site only."""

    def __init__(self, site_url: str) -> None:
        self.site_url = site_url
        self.username = ""
        self.browser = httpx.Client(
            base_url=site_url, timeout=TIMEOUT_SECONDS, verify=WITHOUT_TLS
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self._follow(self.browser.get(url, **options))

    def sign_in(self, username: str, password: str = PASSWORD) -> Self:
        page = self.get("/admin/login/?next=/admin/")
        answer = self._log_in(page, username, password)
        if form_with(answer.text, "username", "password"):
            raise Refused(answer)
        self.username = username
        return self

    def submit(
        self, page: httpx.Response, form: Form, **changes: str | list[str]
    ) -> httpx.Response:
        """Send the form as it stands on the page, with these changes."""
        return self._follow(self.post(page, form, **changes))

    def post(
        self, page: httpx.Response, form: Form, **changes: str | list[str]
    ) -> httpx.Response:
        """As `submit`, without following a redirect."""
        return self.browser.post(
            urljoin(str(page.url), form.action),
            data={**form.fields, **changes},
            headers={"Referer": str(page.url)},
        )

    def consent_page(self, authorize_url: str) -> tuple[httpx.Response, Form]:
        """Open the address that a client gave, signed in already.

        Raises:
            Refused: there is no consent form.
        """
        page = self.get(authorize_url)
        form = form_with(page.text, "decision", "level")
        if form is None:
            raise Refused(page)
        return page, form

    def authorize(
        self, authorize_url: str, *, level: str = "write", decision: str = "allow"
    ) -> dict[str, str]:
        """Press Authorize (or Deny) and return what the client is told."""
        page, form = self.consent_page(authorize_url)
        answer = self.post(page, form, level=level, decision=decision)
        return parameters_of(answer)

    def _log_in(
        self, page: httpx.Response, username: str, password: str
    ) -> httpx.Response:
        form = form_with(page.text, "username", "password")
        if form is None:
            raise Refused(page)
        return self.submit(page, form, username=username, password=password)

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["Location"])
            if not target.startswith(f"{self.site_url}/"):
                return answer
            answer = self.browser.get(target)
        return answer


def parameters_of(answer: httpx.Response) -> dict[str, str]:
    """Return what the redirect to the client carries.

    Raises:
        Refused: it is not a redirect.
    """
    if not answer.is_redirect:
        raise Refused(answer)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


class _Text(HTMLParser):
    """What a reader sees; scripts and styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in {"script", "style", "template"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style", "template"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def text_of(page: str) -> str:
    """Return the words of a page, single spaces between them."""
    reader = _Text()
    reader.feed(page)
    return " ".join(" ".join(reader.parts).split())


def form_for(page: httpx.Response, *, field: str, value: str) -> Form:
    """Return the form in which `field` is, or can be chosen to be, `value`.

    Raises:
        Refused: there is none.
    """
    for form in forms_in(page.text):
        if form.fields.get(field) == value or value in form.choices.get(field, []):
            return form
    raise Refused(page)
