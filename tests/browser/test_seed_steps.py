"""Each step of the manual page, with a program whose calls stop when it says so."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.program import connect
from tests.browser.reader import Reader
from tests.factories import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"]),
]


@pytest.fixture
def jane(root: User) -> User:
    """Somebody else than who reads; made after `root`, in the same database."""
    del root
    return make_user("jane", first_name="Jane", last_name="Doe")


def test_enable_or_disable_mcp_access(
    reader: Reader, jane: User, live_server: LiveServer
) -> None:
    program = connect(live_server.url, jane)
    assert program.call() == 200

    reader.open_tab(jane)
    choice = reader.page.get_by_role("combobox", name="MCP Access")
    assert choice.locator("option").all_inner_texts() == ["Enabled", "Disabled"]
    reader.save("Disabled", password="wrong")
    expect(reader.page.get_by_role("alert")).to_contain_text("not your current passw")
    assert program.call() == 200

    reader.save("Disabled")
    reader.is_told("MCP access disabled. 1 token of Jane Doe revoked.")
    assert (program.call(), program.refresh()) == (401, 400)
    reader.open_grid()
    expect(reader.row("Jane Doe")).to_contain_text("Disabled")

    reader.open_tab(jane)
    reader.save("Enabled")
    reader.is_told("MCP access enabled.")
    assert (program.call(), program.refresh()) == (401, 400)
    assert connect(live_server.url, jane).call() == 200
    reader.open_grid()
    expect(reader.row("Jane Doe")).to_contain_text("Enabled")


def test_revoke_all_tokens_for_a_user(
    reader: Reader, jane: User, live_server: LiveServer
) -> None:
    programs = [connect(live_server.url, jane, name) for name in ("Claude", "Cursor")]

    reader.open_tab(jane)
    reader.click("Revoke All Tokens")
    asked = reader.sees("Revoke All Tokens")
    expect(asked).to_contain_text("2 active tokens of Jane Doe will be revoked")
    assert [program.call() for program in programs] == [200, 200]
    reader.click("Revoke All Tokens")

    reader.is_told("Revoked 2 tokens of Jane Doe.")
    assert [program.call() for program in programs] == [401, 401]
    assert [program.refresh() for program in programs] == [400, 400]
    again = reader.page.get_by_role("button", name="Revoke All Tokens")
    expect(again).to_be_disabled()


def test_revoke_a_specific_token(
    reader: Reader, jane: User, live_server: LiveServer, *, script: bool
) -> None:
    doomed = connect(live_server.url, jane, "Cursor")
    spared = connect(live_server.url, jane, "Codex")

    reader.open_grid()
    details = reader.open_details(jane)
    assert details.get_by_role("row").count() == 3
    assert reader.page.get_by_role("dialog", name="Token Details").count() == script
    reader.row("Cursor").get_by_role("link", name="Revoke").click()
    reader.sees("Revoke token")
    assert doomed.call() == 200
    reader.click("Revoke")

    reader.is_told("Token of Cursor revoked.")
    reader.sees("Token Details")
    expect(reader.row("Cursor")).to_contain_text("Revoked")
    expect(reader.row("Cursor")).to_contain_text("by root")
    expect(reader.row("Codex")).to_contain_text("Active")
    assert (doomed.call(), doomed.refresh()) == (401, 400)
    assert (spared.call(), spared.refresh()) == (200, 200)


def test_mass_revoke(reader: Reader, jane: User, live_server: LiveServer) -> None:
    john, other = make_user("john"), make_user("other")
    first = connect(live_server.url, jane, "Claude Code")
    second = connect(live_server.url, john, "Cursor")
    spared = connect(live_server.url, other, "Codex")

    reader.open_grid()
    for name in ("jane", "john"):
        reader.row(name).get_by_role("checkbox").check()
    actions = reader.page.get_by_role("combobox", name="Actions")
    assert actions.locator("option").first.inner_text() == "Choose an action"
    actions.select_option("Revoke")
    reader.click("Submit")
    expect(reader.sees("Revoke tokens of several users")).to_contain_text(
        "John".lower()
    )
    assert (first.call(), second.call()) == (200, 200)
    reader.click("Revoke")

    reader.is_told("Revoked 2 tokens of 2 users.")
    assert (first.call(), second.call(), spared.call()) == (401, 401, 200)
    assert (first.refresh(), second.refresh()) == (400, 400)
