"""A browser in front of the running panel, and nobody else in its way."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, find_chromium
from tests.factories import PASSWORD, make_admin

WIDTH, HEIGHT = 1280, 900


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium itself, once for all tests of this process.

    Playwright keeps an event loop in this thread, which Django takes for a reason not
    to ask the database; here there is nothing asynchronous that could suffer.
    """
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
def page(chromium: Browser, live_server: object, root: User) -> Iterator[Page]:
    """A page on which `root` has just signed in, by typing name and password.

    At the end nothing may stand in the console, so that no script broke and the
    content security policy stopped nothing.
    """
    url = str(live_server)
    context = chromium.new_context(
        base_url=url,
        viewport={"width": WIDTH, "height": HEIGHT},
        permissions=["clipboard-read", "clipboard-write"],
    )
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto("/admin/")
    opened.get_by_label("Username").fill(root.get_username())
    opened.get_by_label("Password").fill(PASSWORD)
    opened.get_by_role("button", name="Log in").click()
    yield opened
    context.close()
    assert said == []
