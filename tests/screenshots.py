"""Take the pictures in `docs/images`: every screen, light and dark, wide and narrow.

`python -m tests.screenshots [name …]` takes those whose names begin so; all without.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, find_chromium

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
PASSWORD = "demo"
START_SECONDS = 120
APP = "/admin/agent_connector/"
GRID = f"{APP}mcpuser/"
CALLBACK = "http://127.0.0.1:1455/callback"
PERSON = "priya"
"""The sample user with the most to show."""

THEMES = ("light", "dark")
WHO = ("admin", "newcomer", "")
WIDTHS = {1440: 900, 400: 860}
README_WIDTH, README_HEIGHT = 1280, 800


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen, and how to get there from the grid."""

    name: str
    open: Callable[[Page], None]
    is_whole: bool = True
    """Whether the page is shown to its end, however long."""

    who: str = "admin"
    """Who is signed in; "" for nobody."""

    leaves_traces: bool = False
    """Whether clients, tokens or calls stay behind that others would show: taken last."""


def _row_link(page: Page, end: str) -> str:
    row = page.get_by_role("row").filter(has_text=PERSON)
    info = row.locator(".aac-name").get_attribute("href") or ""
    return info.replace("/info/", end)


def _about_person(end: str) -> Callable[[Page], None]:
    def open_page(page: Page) -> None:
        page.goto(GRID)
        page.goto(_row_link(page, end))

    return open_page


def _at(address: str) -> Callable[[Page], None]:
    def open_page(page: Page) -> None:
        page.goto(address)

    return open_page


def _row_menu(page: Page) -> None:
    page.goto(GRID)
    row = page.get_by_role("row").filter(has_text=PERSON)
    row.scroll_into_view_if_needed()
    row.get_by_role("button").click()


def _one_token(page: Page) -> None:
    _about_person("/tokens/")(page)
    page.locator(".aac-token-actions a").first.click()
    page.get_by_role("dialog").wait_for()


def _details(page: Page) -> None:
    page.goto(GRID)
    row = page.get_by_role("row").filter(has_text=PERSON)
    row.get_by_role("link", name="Details").click()
    page.get_by_role("dialog").wait_for()


def _disable(page: Page) -> None:
    _row_menu(page)
    page.get_by_role("link", name="Disable", exact=True).click()
    page.get_by_role("dialog").wait_for()


def _mass(action: str) -> Callable[[Page], None]:
    def open_page(page: Page) -> None:
        page.goto(GRID)
        for number in range(1, 6):
            page.get_by_role("row").nth(number).get_by_role("checkbox").check()
        page.get_by_role("combobox", name="Actions").select_option(action)
        page.get_by_role("button", name="Submit").click()

    return open_page


def _user_page(page: Page) -> None:
    _about_person("/info/")(page)
    page.get_by_role("link", name="User Info").click()


def _effective(page: Page) -> None:
    page.goto(f"{GRID}?q=editor")
    info = page.locator(".aac-name").first.get_attribute("href") or ""
    page.goto(info.replace("/info/", "/effective/?level=write"))


def _first_of(address: str) -> Callable[[Page], None]:
    def open_page(page: Page) -> None:
        page.goto(f"{APP}{address}")
        page.locator("#result_list tbody a").first.click()

    return open_page


def _block(page: Page) -> None:
    _first_of("client/?q=Codex")(page)
    page.get_by_role("link", name="Block").click()
    page.get_by_role("dialog").wait_for()


def _doctor(page: Page) -> None:
    page.goto(f"{APP}connectorsettings/doctor/")
    page.get_by_role("button", name="Run the doctor").click()
    page.get_by_role("heading", name="AI clients", exact=True).wait_for()


def _limited_role(page: Page) -> None:
    """Tick what a role of readers may use, and save it."""
    page.goto("/admin/auth/group/1/change/")
    page.get_by_role("link", name="MCP", exact=True).click()
    for name in ("whoami", "search_records", "get_record", "shop.product"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Save").click()
    page.goto(page.url)  # without the message


def _consent(page: Page, **wrong: str) -> None:
    """Ask for a consent as a client does that has registered itself."""
    asked = {
        "client_id": _register(urllib.parse.urljoin(page.url, "/mcp/oauth/register")),
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        "state": "a",
        **wrong,
    }
    page.goto(f"/mcp/oauth/authorize?{urllib.parse.urlencode(asked)}")


def _foreign_redirect(page: Page) -> None:
    _consent(page, redirect_uri="https://elsewhere.example/callback")


@cache  # one client for all pictures: each registered one is a row in the list
def _register(url: str) -> str:
    metadata = {"client_name": "Claude Code", "redirect_uris": [CALLBACK]}
    request = urllib.request.Request(  # noqa: S310  # http to this machine
        url, json.dumps(metadata).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
        return str(json.load(answer)["client_id"])


PICTURES = (
    Picture("sign-in", _at("/admin/login/"), is_whole=False, who=""),
    Picture("welcome", _at("/admin/")),
    Picture("mcp-users", _at(GRID), is_whole=False),
    Picture("mcp-users-filtered", _at(f"{GRID}?q=an&access=enabled")),
    Picture("mcp-users-menu", _row_menu, is_whole=False),
    Picture("mass-revoke", _mass("revoke")),
    Picture("mass-disable", _mass("disable")),
    Picture("mcp-info", _about_person("/info/")),
    Picture("effective", _effective),
    Picture("user-info", _user_page, is_whole=False),
    Picture("activity", _about_person("/events/")),
    Picture("token-details", _about_person("/tokens/")),
    Picture("token-dialog", _details, is_whole=False),
    Picture("token-revoke", _one_token, is_whole=False),
    Picture("revoke-all", _about_person("/revoke/")),
    Picture("disable-dialog", _disable, is_whole=False),
    Picture("mcp-access", _about_person("/access/?access=disabled")),
    Picture("account-setting", _at(f"{GRID}account/")),
    Picture("personal-token", _at(f"{GRID}account/token/")),
    Picture("leaked-token", _at(f"{GRID}leaked-token/")),
    Picture("tool-calls", _at(f"{APP}toolcall/"), is_whole=False),
    Picture("tool-call", _first_of("toolcall/?tool=update_record")),
    Picture("clients", _at(f"{APP}client/"), is_whole=False),
    Picture("client", _first_of("client/?q=Codex")),
    Picture("client-add", _at(f"{APP}client/add/")),
    Picture("client-block", _block),
    Picture("settings", _at(f"{APP}connectorsettings/")),
    Picture("role", _limited_role),
    Picture("role-page", _at("/admin/auth/group/1/change/"), is_whole=False),
    Picture("consent", _consent, leaves_traces=True),
    Picture("consent-refused", _consent, who="newcomer", leaves_traces=True),
    Picture("consent-error", _foreign_redirect, leaves_traces=True),
    Picture("doctor", _doctor, leaves_traces=True),
)


def main(wanted: list[str]) -> None:
    """Take the wanted pictures of a fresh demo on a free port."""
    path = find_chromium()
    if path is None:
        sys.exit("Chromium was not found: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in PICTURES if one.name.startswith(tuple(wanted or [""]))]
    with running_demo() as (url, database), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        pages = {theme: _pages_of(browser, url, theme=theme) for theme in THEMES}
        pages["light"]["admin"].goto(GRID)
        pages["light"]["admin"].screenshot(path=IMAGES / "grid.png")
        for is_last in (False, True):
            turn = [one for one in chosen if one.leaves_traces is is_last]
            for theme in THEMES:
                _take(pages[theme], turn, theme=theme, database=database)
        browser.close()


def _pages_of(browser: Browser, url: str, *, theme: str) -> dict[str, Page]:
    return {who: _page_of(browser, url, who, theme=theme) for who in WHO}


def _take(
    pages: dict[str, Page], chosen: list[Picture], *, theme: str, database: Path
) -> None:
    for width, height in WIDTHS.items():
        for picture in chosen:
            page = pages[picture.who]
            page.set_viewport_size({"width": width, "height": height})
            _forget_attempts(database)
            picture.open(page)
            page.wait_for_load_state()
            if picture.is_whole:  # what is fixed to the window reaches its end too
                whole = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": width, "height": max(height, whole)})
            name = f"{picture.name}-{theme}-{width}.png"
            page.screenshot(path=IMAGES / name)
            sys.stdout.write(f"docs/images/{name}\n")


def _forget_attempts(database: Path) -> None:
    """Reset the limits: no picture is to show that another one came just before."""
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM agent_connector_throttle")
    connection.close()


def _page_of(browser: Browser, url: str, who: str, *, theme: str) -> Page:
    page = browser.new_context(
        base_url=url,
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        viewport={"width": README_WIDTH, "height": README_HEIGHT},
    ).new_page()
    page.goto(GRID)
    if who:
        page.get_by_label("Username").fill(who)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
    return page


@contextmanager
def running_demo() -> Iterator[tuple[str, Path]]:
    """Run `manage.py demo` on an own database, and stop it by its process id.

    Yields its address and the file of the database.
    """
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        database = Path(folder) / "demo.sqlite3"
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{database}",
            "DEMO_ADMIN_PASSWORD": PASSWORD,
            "PORT": str(port),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "WEB_CONCURRENCY": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "panel.demo"], cwd=ROOT, env=environment
        )
        try:
            yield _wait_for(f"http://127.0.0.1:{port}"), database
        finally:
            process.terminate()
            process.wait()


def _wait_for(url: str) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/admin/login/").close()  # noqa: S310  # http
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return url
    raise TimeoutError(url)


if __name__ == "__main__":
    main(sys.argv[1:])
