"""Look at the screens of a host project in Chromium, and use them by mouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Error, Page, expect, sync_playwright

from tests.chromium import FLAGS, find_chromium

THEMES: tuple[Any, ...] = ("light", "dark")
WIDTHS = (400, 1280)
SETTLE_MS = 2_000
TOO_WIDE = """() => {
  const boxes = [document.documentElement, ...document.querySelectorAll(
    ".aac-table-box, .aac-card:not(dialog *), .field-row_actions, dialog")];
  return boxes.filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.className || box.tagName);
}"""


def browse(
    signed_in: Client, addresses: Iterable[str], *, grid: str, password: str
) -> None:
    """Open the screens, light and dark, and use them; raise for whatever is wrong.

    Jane Doe is on the grid with one active token. What scripts or the policy complain
    of counts as well.
    """
    with served() as url, opened(signed_in, url) as (page, said):
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            found = [fault for address in addresses for fault in fit(page, address)]
            assert found == [], (theme, found)
        use(page, grid=grid, password=password)
        assert said == [], said


@contextmanager
def served() -> Iterator[str]:
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None, server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    connections.close_all()


@contextmanager
def opened(signed_in: Client, url: str) -> Iterator[tuple[Page, list[str]]]:
    """Yield a page that has signed in, and what went wrong on it."""
    said: list[str] = []

    def heard(message: Any) -> None:
        if message.type == "error" and "favicon" not in message.location["url"]:
            said.append(message.text)

    session = signed_in.cookies["sessionid"].value
    with sync_playwright() as playwright:
        path = find_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        context = browser.new_context(base_url=url)
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page, said
        browser.close()


def fit(page: Page, address: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yield what is wider than its place."""
    answer = page.goto(address)
    assert answer is not None
    assert (answer.status, page.url.endswith(address)) == (200, True), address
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if boxes := too_wide(page):
            yield address, width, boxes


def too_wide(page: Page) -> list[str]:
    """Return what does not fit once scripts have arranged the page."""
    try:
        page.wait_for_function(f"({TOO_WIDE})().length === 0", timeout=SETTLE_MS)
    except Error:  # in time it did not
        return list(page.evaluate(TOO_WIDE))
    return []


def use(page: Page, *, grid: str, password: str) -> None:
    """The row's buttons can be reached at any width; every act works by mouse."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(grid)
        page.get_by_role("link", name="Details").first.click()
        expect(page.get_by_role("dialog", name="Token Details")).to_be_visible()
        assert too_wide(page) == [], width
    page.goto(grid)
    page.get_by_role("link", name="Jane Doe", exact=True).click()
    page.get_by_role("link", name="User Info").click()
    page.get_by_role("link", name="MCP Info").click()  # the tab on the host's own page
    expect(page.get_by_role("combobox", name="MCP Access")).to_be_visible()
    page.goto(grid)
    page.get_by_role("row").filter(has_text="Jane Doe").get_by_role("checkbox").check()
    page.get_by_role("combobox", name="Actions").select_option("Revoke")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Revoked 1 token of 1 user.")).to_be_visible()
    for act, said in (("Disable", "MCP access disabled."), ("Enable", "enabled.")):
        page.get_by_role("button", name="More actions for Jane Doe").click()
        page.get_by_role("link", name=act, exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Your Current Admin Password").fill(password)
        dialog.get_by_role("button", name=act).click()
        expect(page.get_by_text(said).first).to_be_visible()
