"""A browser in front of the running panel, and nobody else in its way."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.reader import Reader
from tests.chromium import FLAGS, find_chromium
from tests.factories import make_admin
from tests.screens import signed_in

WIDTH, HEIGHT = 1280, 900
TIMEOUT_MS = 15_000


@pytest.fixture(scope="session")
def chromium(live_server: LiveServer) -> Iterator[Browser]:
    """Chromium itself, once for all tests of this process.

    It closes before the server does: what a browser keeps open would outlive it.

    Playwright keeps an event loop in this thread, which Django takes for a reason not
    to ask the database; here there is nothing asynchronous that could suffer.
    """
    del live_server
    path = find_chromium()
    assert path, "Chromium was not found"
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def root(transactional_db: None) -> User:
    del transactional_db
    return make_admin("root", enabled=False)


@pytest.fixture
def script() -> bool:
    """Whether scripts run; a test may be parametrized with it."""
    return True


@pytest.fixture
def reader(page: Page) -> Reader:
    page.goto("/admin/")
    return Reader(page)


@pytest.fixture
def page(
    chromium: Browser,
    live_server: LiveServer,
    root: User,
    script: bool,  # noqa: FBT001  # a fixture
) -> Iterator[Page]:
    """A page on which `root` is signed in, without the two pages of typing.

    At the end nothing may stand in the console, so that no script broke and the
    content security policy stopped nothing.
    """
    context = chromium.new_context(
        base_url=live_server.url,
        java_script_enabled=script,
        viewport={"width": WIDTH, "height": HEIGHT},
        permissions=["clipboard-read", "clipboard-write"],
    )
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(root).cookies[name].value
    context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    opened = context.new_page()
    said: list[str] = []
    # Chromium remarks at level info that focus had moved before `autofocus` came.
    opened.on(
        "console",
        lambda message: said.append(message.text) if message.type != "info" else None,
    )
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.set_default_timeout(TIMEOUT_MS)
    yield opened
    context.close()
    assert said == []
