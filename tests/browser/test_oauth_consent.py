"""The consent page in a real browser: policies of its headers stop only attackers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, Page, Route

from panel.csp import HEADER, POLICY, ContentSecurityPolicyMiddleware
from tests.authorization import STATE, authorize_url
from tests.factories import PASSWORD, make_client, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CURSOR = "cursor://anysphere.cursor-mcp/oauth/callback"
CLICK_TWICE = """button => new Promise(done => {
  button.click();
  setTimeout(() => { button.click(); setTimeout(done, 100); }, 100);
})"""
Answers = list[dict[str, list[str]]]


@pytest.fixture
def answers() -> Iterator[tuple[str, Answers]]:
    """A client that waits on loopback, and what it was told."""
    told: Answers = []

    class Callback(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/callback?"):
                told.append(parse_qs(urlsplit(self.path).query))
                told[-1]["referer"] = [self.headers.get("Referer", "")]
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<h1>Connected</h1>")

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Callback) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/callback", told
        server.shutdown()
        thread.join()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


def overwrite(middleware: Any, request: HttpRequest) -> HttpResponse:
    """What a careless host does: its own policy on each answer, ours is lost."""
    response: HttpResponse = middleware.get_response(request)
    response.headers[HEADER] = POLICY
    return response


def sign_in(page: Page, url: str, *, username: str) -> None:
    """Open the authorization URL as a client does, and sign in on the way."""
    page.goto(url)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def open_consent(
    live_server: Any, request: pytest.FixtureRequest
) -> Callable[..., Page]:
    """Return how to get to the consent page; rows are written before Chromium runs."""

    def open_page(*, script: bool = True, **changes: str) -> Page:
        make_user("jane", permissions=("shop.view_product",))
        uris = [changes["redirect_uri"]]
        url = live_server.url + authorize_url(
            make_client("Codex", redirect_uris=uris), **changes
        )
        running: Browser = request.getfixturevalue("browser")
        page = running.new_context(java_script_enabled=script).new_page()
        sign_in(page, url, username="jane")
        return page

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    return open_page


@pytest.mark.parametrize("script", [True, False])
def test_authorize_leads_to_the_client(
    open_consent: Callable[..., Page],
    answers: tuple[str, Answers],
    script: bool,  # noqa: FBT001  # a table
) -> None:
    callback, told = answers
    page = open_consent(redirect_uri=callback, script=script)

    page.get_by_label("Read only").check()
    page.get_by_role("button", name="Authorize").click()

    page.get_by_role("heading", name="Connected").wait_for()
    assert len(told) == 1
    assert told[0]["code"][0].startswith("acc_")
    assert (told[0]["state"], told[0]["referer"]) == ([STATE], [""])


def test_the_browser_itself_asks_for_a_choice_but_not_to_deny(
    open_consent: Callable[..., Page], answers: tuple[str, Answers]
) -> None:
    callback, told = answers
    page = open_consent(redirect_uri=callback)

    page.get_by_role("button", name="Authorize").click()
    assert page.get_by_role("heading", name="What may").count() == 0
    assert told == []
    page.get_by_role("button", name="Deny").click()

    page.get_by_role("heading", name="Connected").wait_for()
    assert told[0]["error"] == ["access_denied"]


@pytest.mark.parametrize("button", ["Authorize", "Deny"])
def test_where_a_foreign_policy_holds_the_answer_back_a_page_leads_on(
    open_consent: Callable[..., Page],
    answers: tuple[str, Answers],
    monkeypatch: pytest.MonkeyPatch,
    button: str,
) -> None:
    monkeypatch.setattr(ContentSecurityPolicyMiddleware, "__call__", overwrite)
    callback, told = answers
    page = open_consent(redirect_uri=callback)

    page.get_by_label("Read only").check()
    page.get_by_role("button", name=button).click()
    page.get_by_role("alert").get_by_role("link", name="Decide once more").click()
    assert told == []
    page.get_by_label("Read only").check()
    page.get_by_role("button", name=button).click()

    page.get_by_role("heading", name="Connected").wait_for()
    assert told[0].keys() >= {"code" if button == "Authorize" else "error", "iss"}
    assert (len(told), told[0]["state"]) == (1, [STATE])


def test_a_wrong_request_reaches_the_client_after_the_sign_in_by_a_link(
    open_consent: Callable[..., Page], answers: tuple[str, Answers]
) -> None:
    callback, told = answers
    page = open_consent(redirect_uri=callback, scope="nonsense")

    page.get_by_role("heading", name="This request cannot continue").wait_for()
    assert told == []
    page.get_by_role("link", name="Back to").click()

    page.get_by_role("heading", name="Connected").wait_for()
    assert (told[0]["error"], told[0]["state"]) == (["invalid_scope"], [STATE])


def test_a_program_is_opened_from_a_page(open_consent: Callable[..., Page]) -> None:
    page = open_consent(redirect_uri=CURSOR)

    page.get_by_label("Read only").check()
    page.get_by_role("button", name="Authorize").click()

    link = page.get_by_role("link", name="Open the program")
    link.wait_for()
    assert str(link.get_attribute("href")).startswith(f"{CURSOR}?code=acc_")
    assert page.get_by_role("heading", name="Back to Codex").count() == 1


def test_a_second_click_while_the_first_is_on_its_way_is_not_sent(
    open_consent: Callable[..., Page], answers: tuple[str, Answers]
) -> None:
    callback, told = answers
    page = open_consent(redirect_uri=callback)
    page.get_by_label("Read only").check()
    button = page.get_by_role("button", name="Authorize")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/mcp/oauth/authorize*", hold)

    button.evaluate(CLICK_TWICE)
    held[0].continue_()

    page.get_by_role("heading", name="Connected").wait_for()
    assert (len(held), len(told)) == (1, 1)
