"""What the manual page says is to be seen, by visible words, scripts or none."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, MCPAccess
from tests.browser.program import connect
from tests.browser.reader import Reader, colour_of
from tests.factories import make_client, make_connection, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])

CLIENTS = (
    "Claude Code",
    "Claude Desktop/Web",
    "Gemini CLI",
    "OpenAI Codex",
    "OpenAI ChatGPT",
    "Cursor",
    "VS Code",
    "Other",
)


def _jane() -> User:
    return make_user("jane", first_name="Jane", last_name="Doe")


def _dot(row: Locator, client: str) -> tuple[str, str]:
    """Return the dot's colour and what it says to those who see none."""
    dot = row.locator(".aac-dot", has_text=client)
    text = dot.text_content() or ""
    return colour_of(dot, before=True), text.rpartition(": ")[2]


@BOTH
def test_the_grid_shows_every_admin_user_and_their_connections(
    reader: Reader, live_server: LiveServer
) -> None:
    jane, now = _jane(), timezone.now()
    make_user("never", first_name="Nora", last_name="Never", enabled=False)
    make_user("customer", is_staff=False, enabled=False)
    revoked, _ = make_connection(jane, make_client("Cursor"), now=now)
    revoke_connection(
        revoked, reason=Connection.RevokedReason.ADMIN, actor=None, now=now
    )
    program = connect(live_server.url, jane)

    menu = reader.page.get_by_role("navigation").filter(has_text="MCP Users").first
    words = re.sub(r"\s+", " ", menu.inner_text())
    assert re.search("System.* AI Agent Connector.* MCP Users", words)
    reader.open_grid()

    head = reader.page.get_by_role("columnheader").all_inner_texts()
    columns = ["User", "Access Status", "Clients", "Added to MCP", "Last Used"]
    assert [text.strip().title() for text in head][1:] == [
        *(name.title() for name in columns),
        "Actions",
    ]
    expect(reader.row("root")).to_have_count(1)
    expect(reader.row("customer")).to_have_count(0)
    row, never = reader.row("Jane Doe"), reader.row("Nora Never")
    assert row.locator(".aac-badge").inner_text() == "Enabled"
    assert colour_of(row.locator(".aac-badge")) == "green"
    assert never.locator(".aac-badge").inner_text() == "Disabled"
    assert colour_of(never.locator(".aac-badge")) == "red"
    assert _dot(row, "Claude Code") == ("green", "active")
    assert _dot(row, "Cursor") == ("grey", "inactive")
    expect(row.locator(".field-added_to_mcp")).to_contain_text("2 Mar 2026")
    expect(never.locator(".field-added_to_mcp")).to_contain_text("none")
    expect(row.locator(".field-last_used")).to_contain_text("none")
    expect(row.get_by_role("link", name="Details")).to_be_visible()

    assert program.call() == 200
    reader.page.reload()
    used = row.locator(".field-last_used")
    expect(used).to_contain_text(re.compile(r"\d+ \w+ \d{4} \d\d:\d\d:\d\d"))


@BOTH
def test_the_mcp_info_tab_shows_what_the_manual_lists(
    reader: Reader, live_server: LiveServer, *, script: bool
) -> None:
    jane = _jane()
    assert connect(live_server.url, jane).call() == 200

    reader.open_tab(jane)

    tab = reader.page.get_by_role("link", name="MCP Info", exact=True)
    expect(tab).to_have_attribute("aria-current", "page")
    access = reader.page.get_by_role("region", name="MCP Access")
    expect(access).to_contain_text("Enabled")
    expect(access.get_by_role("combobox")).to_be_visible()
    summary = reader.page.get_by_role("region", name="Connection summary")
    text = re.sub(r"\s+", " ", summary.inner_text())
    for fact in ("Connected Clients 1", "Active Tokens 1", "Expired/Revoked Tokens 0"):
        assert fact in text
    assert re.search(r"Last Tool Used \d+ \w+ \d{4} \d\d:\d\d:\d\d", text)

    setup = reader.page.get_by_role("region", name="AI Client Configuration")
    names = setup.locator("[role=tab]" if script else "summary")
    assert names.all_inner_texts() == list(CLIENTS)
    for name, guide in zip(CLIENTS, setup.locator("details").all(), strict=True):
        if script:
            setup.get_by_role("tab", name=name, exact=True).click()
        elif name != CLIENTS[0]:
            guide.locator("summary").click()
        expect(guide.get_by_text("MCP Server URL", exact=True)).to_be_visible()
        expect(guide.locator("code[id$='-url']")).to_have_text(re.compile("/mcp$"))

    reader.click("Show Details")
    details = reader.sees("Token Details")
    assert reader.page.get_by_role("dialog", name="Token Details").count() == script
    for column in ("Client", "Status", "Created", "Last used"):
        expect(details.get_by_role("columnheader", name=column)).to_be_visible()
    expect(reader.row("Claude Code")).to_contain_text("Active")


@BOTH
def test_account_setting_is_behind_the_username(reader: Reader, root: User) -> None:
    MCPAccess.objects.create(user=root, enabled=True)
    make_connection(root, make_client("Cursor"))
    reader.page.get_by_role("banner").get_by_role("link", name="root").click()

    reader.sees("Account Setting")
    way = reader.page.locator(".breadcrumbs").inner_text()
    assert re.split(r"\s*›\s*|\n+", way.strip()) == ["Home", "Account Setting"]  # noqa: RUF001  # arrow
    access = reader.page.get_by_role("region", name="MCP Access")
    expect(access.locator(".aac-badge")).to_be_visible()
    tokens = reader.page.get_by_role("region", name="Your tokens")
    expect(tokens).to_contain_text("Cursor")


def test_the_client_configuration_has_tabs_and_copies(
    page: Page, reader: Reader
) -> None:
    reader.open_tab(_jane())

    page.get_by_role("tab", name="Claude Code").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Other")).to_be_focused()
    page.keyboard.press("Home")
    page.get_by_role("tab", name="OpenAI Codex").click()
    panel = page.get_by_role("tabpanel")
    expect(panel).to_have_count(1)
    expect(panel).to_contain_text("~/.codex/config.toml")
    panel.get_by_role("button", name="Copy").first.click()

    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("codex mcp add ")
    assert copied.endswith("/mcp")
