"""What axe-core finds on every screen and in every dialog: nothing, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Literal

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from agent_connector.models import Connection, MCPAccess
from tests.factories import (
    PASSWORD,
    make_client,
    make_connection,
    make_personal,
    make_user,
)
from tests.screens import ACCOUNT, GRID, screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
SETTLED = """() => Promise.allSettled(
  document.getAnimations().map(one => one.finished))"""
RUN = """rules => axe.run(document, rules ? {runOnly: rules} : {}).then(found =>
  found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.target.join(' ')}: ${node.any.map(one => one.message)}`)))"""
OTHERS = ("client", "toolcall", "connectorsettings")
CLIENTS = "/admin/agent_connector/client/"
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
    make_personal(jane)
    make_user("off", enabled=False)
    return jane


def test_no_screen_has_a_finding(page: Page, jane: User) -> None:
    named = ("info", "tokens", "events", "access", "revoke")
    lists = [f"/admin/agent_connector/{name}/" for name in OTHERS]
    addresses = [GRID, f"{GRID}?q=nobody", ACCOUNT, *(screen(n, jane) for n in named)]
    addresses += [*lists, f"{GRID}leaked-token/", f"{ACCOUNT}token/"]
    found = {}

    for address in addresses:
        page.goto(address)
        found[address] = _findings(page)

    assert {address: lines for address, lines in found.items() if lines} == {}


def test_what_answers_a_form_has_no_finding(page: Page, jane: User) -> None:
    leaked = make_personal(jane).text
    found: list[str] = []

    page.goto(f"{ACCOUNT}token/")
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    found += _findings(page)
    page.get_by_label("Name").fill("nightly report")
    page.get_by_label("Read only").check()
    page.get_by_label("Your Current Admin Password").fill(PASSWORD)
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    found += _findings(page)
    for text in (leaked, "junk"):
        page.goto(f"{GRID}leaked-token/")
        page.get_by_label("Token, or text that holds it").fill(text)
        page.get_by_role("button", name="Look up").click()
        page.wait_for_load_state()
        found += _findings(page)

    assert found == []


def test_a_new_token_is_copied_and_gone_when_the_page_is_asked_for_again(
    page: Page, jane: User
) -> None:
    make_personal(jane)
    page.goto(f"{ACCOUNT}token/")
    page.get_by_label("Name").fill("nightly report")
    page.get_by_label("Read only").check()
    page.get_by_label("Your Current Admin Password").fill(PASSWORD)
    page.get_by_role("button", name="Make token").click()

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    shown = page.locator("#aac-new-token").text_content()
    page.reload()

    assert copied == shown
    assert copied.startswith("acp_")
    assert copied not in page.content()
    assert (
        Connection.objects.filter(label="nightly report", user__username="root").count()
        == 1
    )


def test_entering_a_client_and_its_secret_have_no_finding(
    page: Page, jane: User
) -> None:
    found = {}

    page.goto(CLIENTS)
    page.get_by_role("link", name="Add client").click()
    found["form"] = _findings(page)
    page.get_by_role("button", name="Add client").click()
    found["errors"] = _findings(page)
    page.get_by_label("Name").fill("Reports")
    page.get_by_label("Redirect Addresses").fill("https://reports.example/callback")
    page.get_by_label("Authentication").select_option("client_secret_basic")
    page.get_by_role("button", name="Add client").click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    found["secret"] = _findings(page)
    page.get_by_role("link", name="To the client").click()
    page.get_by_role("link", name="New secret").click()
    found["asked"] = _findings(page)

    assert {step: lines for step, lines in found.items() if lines} == {}


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


def test_where_colours_are_forced_the_browser_draws_the_boxes(page: Page) -> None:
    page.goto(GRID)
    box = page.get_by_role("checkbox").first
    drawn_by = "box => getComputedStyle(box).appearance"

    page.emulate_media(forced_colors="none")
    assert box.evaluate(drawn_by) == "none"
    page.emulate_media(forced_colors="active")
    assert box.evaluate(drawn_by) == "auto"
