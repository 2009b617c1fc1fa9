"""Every screen fits, wide and narrow, and works where no script runs."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import PASSWORD, make_client, make_connection, make_user
from tests.panel.shop import make_product
from tests.screens import ACCOUNT, GRID, screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (400, 768, 1024, 1280, 1440)
TOO_WIDE = """() => {
  const boxes = [document.documentElement, ...document.querySelectorAll(
    ".results, .aac-table-box, .aac-card, .aac-figures dt")];
  return boxes.filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.className || "the page");
}"""
COVERED = """() => [...document.querySelectorAll(".aac-copy")]
  .filter(button => {
    const text = document.createRange();
    text.selectNodeContents(document.getElementById(button.dataset.aacCopy));
    const over = button.getBoundingClientRect();
    return [...text.getClientRects()].some(line => over.width && line.width
      && line.right > over.left && line.left < over.right
      && line.bottom > over.top && line.top < over.bottom);
  })
  .map(button => button.dataset.aacCopy)"""
CALLS = "/admin/agent_connector/toolcall/"


def _addresses(user: User) -> list[str]:
    names = ("info", "tokens", "access", "revoke")
    return [GRID, ACCOUNT, *(screen(name, user) for name in names)]


def _busy_user() -> User:
    user = make_user("wilhelmina", first_name="Wilhelmina", last_name="Featherstone")
    for name in ("Claude Code", "Visual Studio Code", "Gemini CLI MCP Client"):
        make_connection(user, make_client(name, host="claude.ai"), level="delete")
    return user


def test_nothing_is_scrolled_out_of_sight(page: Page) -> None:
    too_wide = []

    for address in _addresses(_busy_user()):
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if boxes := page.evaluate(TOO_WIDE):
                too_wide.append((address, width, boxes))

    assert too_wide == []


def test_a_phone_folds_the_filters_but_not_the_search(page: Page) -> None:
    fold = page.locator("summary", has_text="Filters 1")
    status = page.get_by_label("Access Status")
    page.goto(f"{GRID}?access=enabled")

    expect(fold).to_be_hidden()
    expect(status).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 860})
    expect(status).to_be_hidden()
    expect(page.get_by_label("User", exact=True)).to_be_visible()
    fold.press("Enter")
    status.select_option("disabled")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page).to_have_url(re.compile("access=disabled"))


def test_few_filters_of_tool_calls_stand_behind_more(page: Page) -> None:
    user, client = (page.get_by_label(name, exact=True) for name in ("User", "Client"))
    send = page.get_by_role("button", name="Filter", exact=True)
    page.goto(f"{CALLS}?user=anna")

    expect(user).to_have_value("anna")  # what is in use is seen
    expect(client).to_be_hidden()
    page.locator("summary", has_text="More").press("Enter")
    expect(client).to_be_visible()

    page.set_viewport_size({"width": 400, "height": 860})
    page.goto(CALLS)
    expect(page.locator("summary", has_text="More")).to_be_hidden()
    expect(send).to_be_hidden()
    page.locator("summary", has_text="Filters").press("Enter")
    client.fill("Cursor")
    send.click()
    expect(page).to_have_url(re.compile("client=Cursor"))


def test_the_copy_button_covers_nothing_of_what_it_copies(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 860})
    page.goto(f"{GRID}account/")

    copies = page.locator(".aac-copy:visible")
    expect(copies).not_to_have_count(0)
    assert page.evaluate(COVERED) == []


def test_a_phone_shows_the_shops_rows_as_cards_that_name_each_value(
    page: Page,
) -> None:
    make_product(name="Lamp")
    page.set_viewport_size({"width": 400, "height": 860})

    page.goto("/admin/shop/product/")

    assert page.evaluate(TOO_WIDE) == []
    price = page.locator("td.field-shown_price")
    label = price.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label == '"Price"'


def test_all_of_it_works_without_javascript(
    chromium: Browser, live_server: LiveServer, root: User
) -> None:
    user = _busy_user()
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(GRID)
    page.get_by_label("Username").fill(root.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("button", name=f"More actions for {user.get_full_name()}").click()
    page.get_by_role("link", name="Revoke All", exact=True).click()
    page.get_by_role("button", name="Revoke All Tokens").click()
    expect(page.locator(".messagelist")).to_contain_text("Revoked 3 tokens")

    page.goto(screen("info", user))
    expect(page.get_by_text("claude mcp add")).to_be_visible()
    page.locator("summary", has_text="OpenAI Codex").click()
    expect(page.get_by_text("~/.codex/config.toml")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    context.close()
