"""The dialogs: what they change, where the focus goes, and that the page steps in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from agent_connector.models import MCPAccess
from tests.browser.program import connect
from tests.browser.reader import Reader
from tests.factories import PASSWORD, make_client, make_connection, make_user
from tests.screens import ACCOUNT, GRID, screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()"


@pytest.fixture
def jane(root: User) -> User:
    del root
    return make_user("jane", first_name="Jane", last_name="Doe")


def _tab_to(page: Page, words: str, *, most: int = 60) -> None:
    """Press Tab until what has the focus reads so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(SAID).startswith(words):
            return
    raise AssertionError(f"Tab does not lead to {words!r}")


def _open_menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="More actions for Jane Doe").click()
    page.get_by_role("link", name=item, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_three_activations_by_keyboard_lead_from_the_grid_to_a_cut_client(
    page: Page, jane: User, live_server: LiveServer
) -> None:
    program = connect(live_server.url, jane, "Cursor")
    page.goto(f"{GRID}?q=jane")

    _tab_to(page, "Details")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Token Details")).to_be_visible()
    _tab_to(page, "Revoke: Cursor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Revoke token")).to_be_visible()
    assert program.call() == 200
    _tab_to(page, "Revoke")
    page.keyboard.press("Enter")

    expect(page.locator(".aac-said")).to_contain_text("Token of Cursor revoked.")
    assert (program.call(), program.refresh()) == (401, 400)


def test_after_one_token_the_details_are_there_again_and_the_grid_follows(
    page: Page, reader: Reader, jane: User
) -> None:
    for name in ("Cursor", "Codex"):
        make_connection(jane, make_client(name))
    page.goto(GRID)
    reader.open_details(jane)

    reader.row("Cursor").get_by_role("link", name="Revoke").click()
    reader.sees("Revoke token")
    reader.click("Revoke")

    reader.is_told("Token of Cursor revoked.")
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(page.locator(".aac-dialog-title")).to_be_focused()
    expect(reader.row("Cursor")).to_contain_text("Revoked")
    page.keyboard.press("Escape")
    row = page.locator("#result_list tr", has_text="Jane Doe")
    expect(row.locator(".aac-dot.is-inactive")).to_contain_text("Cursor")
    expect(row.get_by_role("link", name="Details")).to_be_focused()


def test_escape_goes_back_one_dialog_and_gives_the_focus_back(
    page: Page, reader: Reader, jane: User
) -> None:
    make_connection(jane, make_client("Cursor"))
    page.goto(GRID)
    reader.open_details(jane)
    revoke = reader.row("Cursor").get_by_role("link", name="Revoke")
    revoke.click()
    reader.sees("Revoke token")

    page.keyboard.press("Escape")
    expect(revoke).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("a:focus")).to_contain_text("Details")
    _open_menu(page, "Revoke All")
    reader.click("Cancel")
    expect(page.get_by_role("button", name="More actions for Jane")).to_be_focused()


@pytest.mark.parametrize(("item", "is_enabled"), [("Enable", False), ("Disable", True)])
def test_a_password_is_asked_for_where_access_changes(
    page: Page,
    jane: User,
    item: str,
    is_enabled: bool,  # noqa: FBT001  # a table
) -> None:
    MCPAccess.objects.filter(user=jane).update(enabled=is_enabled)
    page.goto(GRID)

    _open_menu(page, item)
    dialog = page.get_by_role("dialog", name=f"{item} MCP access")
    field = dialog.get_by_label("Your Current Admin Password")
    expect(field).to_be_focused()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("not your current password")
    expect(field).to_be_focused()
    assert MCPAccess.objects.get(user=jane).enabled == is_enabled

    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist")).to_contain_text(f"MCP access {item.lower()}d")
    expect(page.get_by_role("button", name="More actions for Jane")).to_be_focused()
    expect(page.get_by_role("status").last).to_contain_text("MCP access")
    assert MCPAccess.objects.get(user=jane).enabled != is_enabled


def test_revoke_all_on_the_tab_updates_it_and_keeps_the_place(
    page: Page, reader: Reader, jane: User
) -> None:
    make_connection(jane, make_client("Cursor"))
    page.goto(screen("info", jane))

    reader.click("Revoke All Tokens")
    reader.sees("Revoke All Tokens")
    reader.click("Revoke All Tokens")

    reader.is_told("Revoked 1 token of Jane Doe.")
    expect(page.get_by_role("link", name="Show Details")).to_be_focused()
    expect(page.get_by_text("There is no active token.")).to_be_visible()


def _sign_out(page: Page) -> None:
    del page
    Session.objects.all().delete()


def _break(page: Page) -> None:
    """Fail what scripts fetch; what a person opens still works."""

    def answer(route: Route) -> None:
        if "x-aac-fragment" in route.request.headers:
            route.fulfill(status=200, body="<p>something else</p>")
        else:
            route.continue_()

    page.route("**/mcpuser/*/**", answer)


def _expect_message_in_sight(page: Page, words: str) -> None:
    """Expect the message inside the window, with nothing lying over it."""
    message = page.locator(".messagelist li", has_text=words)
    expect(message).to_be_in_viewport(ratio=1)
    is_on_top = """li => {
        const {left, top, width, height} = li.getBoundingClientRect();
        return li.contains(
            document.elementFromPoint(left + width / 2, top + height / 2));
    }"""
    assert message.evaluate(is_on_top)
    takes_away = "document.activeElement.matches('.is-danger, .is-danger-quiet')"
    assert not page.evaluate(takes_away)


@pytest.mark.parametrize("width", [1440, 400])
@pytest.mark.parametrize("item", ["Revoke All", "Disable"])
def test_the_message_is_in_sight_after_acting_on_a_row_far_down(
    page: Page, reader: Reader, root: User, item: str, width: int
) -> None:
    del root
    for number in range(30):
        make_user(f"user{number:02}", first_name="Ann", last_name=f"No{number:02}")
    make_connection(User.objects.get(username="user28"), make_client("Cursor"))
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(GRID)
    menu = page.get_by_role("button", name="More actions for Ann No28")
    menu.scroll_into_view_if_needed()
    menu.click()
    page.get_by_role("link", name=item, exact=True).click()
    if item == "Disable":
        page.get_by_label("Your Current Admin Password").fill(PASSWORD)
    reader.click("Disable" if item == "Disable" else "Revoke All Tokens")

    expect(menu).to_be_focused()
    assert page.evaluate("scrollY") > 300
    _expect_message_in_sight(page, "Ann No28")
    expect(menu).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1440, 400])
def test_after_an_own_token_the_focus_is_on_the_message_not_on_another_revoke(
    page: Page, reader: Reader, root: User, width: int
) -> None:
    MCPAccess.objects.create(user=root, enabled=True)
    for name in ("Cursor", "Codex"):
        make_connection(root, make_client(name))
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(ACCOUNT)
    revoke = reader.row("Cursor").get_by_role("link", name="Revoke")
    revoke.scroll_into_view_if_needed()
    revoke.click()
    reader.click("Revoke")

    expect(page.locator(".messagelist")).to_be_focused()
    assert page.evaluate("scrollY") > 0
    _expect_message_in_sight(page, "Token of Cursor revoked.")


@pytest.mark.parametrize(
    ("happens", "is_signed_out"), [(_sign_out, True), (_break, False)]
)
@pytest.mark.parametrize("is_open", [True, False])
def test_the_page_is_opened_where_the_dialog_cannot_go_on(
    page: Page,
    jane: User,
    happens: Callable[[Page], None],
    *,
    is_signed_out: bool,
    is_open: bool,
) -> None:
    make_connection(jane, make_client("Cursor"))
    page.goto(GRID)
    if is_open:
        _open_menu(page, "Revoke All")
        happens(page)
        page.get_by_role("dialog").get_by_role(
            "button", name="Revoke All Tokens"
        ).click()
    else:
        happens(page)
        page.get_by_role("button", name="More actions for Jane Doe").click()
        page.get_by_role("link", name="Revoke All", exact=True).click()

    if is_signed_out:
        page.get_by_label("Username").fill("root")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
    expect(
        page.get_by_role("heading", name="Revoke All Tokens", level=1)
    ).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert jane.mcp_connections.filter(revoked_at=None).count() == 1


def test_a_link_opened_in_a_new_tab_is_the_page(page: Page, jane: User) -> None:
    page.goto(GRID)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Details").nth(0).click(modifiers=["Control"])

    title = opened.value.get_by_role("heading", name="Token Details", level=1)
    expect(title).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
