"""What axe-core finds on every screen and in every dialog: nothing, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Literal

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from agent_connector.models import MCPAccess
from tests.factories import make_client, make_connection, make_user
from tests.screens import ACCOUNT, GRID, screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
SETTLED = """() => Promise.allSettled(
  document.getAnimations().map(one => one.finished))"""
RUN = """rules => axe.run(document, rules ? {runOnly: rules} : {}).then(found =>
  found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.target.join(' ')}: ${node.any.map(one => one.message)}`)))"""
OTHERS = ("client", "toolcall", "connectorsettings")
IN_THE_DARK = ["color-contrast"]
"""The only rule whose answer depends on the theme."""


def _findings(page: Page) -> list[str]:
    """Return what axe finds in the light and, of colours, in the dark."""
    found: list[str] = []
    themes: list[tuple[Literal["light", "dark"], list[str] | None]] = [
        ("light", None),
        ("dark", IN_THE_DARK),
    ]
    for theme, rules in themes:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        page.evaluate(AXE)
        found += [f"{theme}: {line}" for line in page.evaluate(RUN, rules)]
    return found


@pytest.fixture
def jane(root: User) -> User:
    MCPAccess.objects.create(user=root, enabled=True)
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    make_connection(root, make_client("Claude Code"))
    for name in ("Claude Code", "Cursor", "Gemini CLI"):
        make_connection(jane, make_client(name, host="claude.ai"))
    jane.mcp_connections.update(label="Sample")
    make_user("off", enabled=False)
    return jane


def test_no_screen_has_a_finding(page: Page, jane: User) -> None:
    named = ("info", "tokens", "access", "revoke")
    lists = [f"/admin/agent_connector/{name}/" for name in OTHERS]
    addresses = [GRID, f"{GRID}?q=nobody", ACCOUNT, *(screen(n, jane) for n in named)]
    addresses += lists
    found = {}

    for address in addresses:
        page.goto(address)
        found[address] = _findings(page)

    assert {address: lines for address, lines in found.items() if lines} == {}


def _details(page: Page) -> None:
    page.get_by_role("link", name="Details").first.click()


def _one_token(page: Page) -> None:
    _details(page)
    page.locator(".aac-token-actions a").first.click()
    expect(page.get_by_role("dialog", name="Revoke token")).to_be_visible()


def _menu(item: str) -> Callable[[Page], None]:
    def open_dialog(page: Page) -> None:
        page.get_by_role("button", name="More actions for Jane Doe").click()
        page.get_by_role("link", name=item, exact=True).click()

    return open_dialog


def _error(page: Page) -> None:
    _menu("Disable")(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def test_no_dialog_has_a_finding(page: Page, jane: User) -> None:
    found: list[str] = []

    for open_dialog in (_details, _one_token, _menu("Revoke All"), _error):
        page.goto(f"{GRID}?q=jane")
        open_dialog(page)
        expect(page.get_by_role("dialog").first).to_be_visible()
        found += _findings(page)

    assert found == []


def test_the_screens_move_only_where_motion_is_welcome(page: Page, jane: User) -> None:
    moving = "getComputedStyle(document.querySelector('dialog')).animationName"
    seen = []

    wishes: list[Literal["no-preference", "reduce"]] = ["no-preference", "reduce"]
    for wish in wishes:
        page.emulate_media(reduced_motion=wish)
        page.goto(GRID)
        _details(page)
        expect(page.get_by_role("dialog")).to_be_visible()
        seen.append(page.evaluate(moving))

    assert seen == ["aac-appear", "none"]
