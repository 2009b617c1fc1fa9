"""A person who holds the manual page: goes by the words on screen."""

from __future__ import annotations

import re

from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from tests.factories import PASSWORD


class Reader:
    """Goes from page to page; what opens in a dialog is read there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def front(self) -> Locator:
        """What one can act on: the topmost dialog, or the page."""
        dialogs = self.page.locator("dialog[open]")
        if dialogs.count():
            return dialogs.last
        return self.page.locator("body")

    def click(self, words: str) -> None:
        """Click the link or button that reads so, and see where it leads."""
        link = self.front.get_by_role("link", name=words, exact=True)
        button = self.front.get_by_role("button", name=words, exact=True)
        link.or_(button).first.click()

    def sees(self, heading: str) -> Locator:
        """Wait for the page or dialog of this title, and return it."""
        title = self.page.get_by_role("heading", name=heading, exact=True)
        expect(title.last).to_be_visible()
        return self.front

    def open_grid(self) -> None:
        """System, AI Agent Connector, MCP Users."""
        self.page.get_by_role("link", name="MCP Users", exact=True).first.click()
        self.sees("MCP Users")

    def open_tab(self, user: User) -> None:
        """System, Permissions, All Users, the user, MCP Info."""
        self.page.get_by_role("link", name="All Users", exact=True).first.click()
        self.page.get_by_role("link", name=user.username, exact=True).click()
        self.page.get_by_role("link", name="MCP Info", exact=True).click()
        self.sees("MCP Access")

    def open_details(self, user: User) -> Locator:
        """Click Details in the row's Actions."""
        name = re.compile(f"^Details.*{re.escape(user.get_full_name())}$")
        self.page.get_by_role("link", name=name).click()
        return self.sees("Token Details")

    def row(self, words: str) -> Locator:
        return self.front.get_by_role("row").filter(has_text=words)

    def save(self, access: str, password: str = PASSWORD) -> None:
        """Fill in and send the form of the tab."""
        choice = self.page.get_by_role("combobox", name="MCP Access")
        choice.select_option(access)
        self.page.get_by_label("Your Current Admin Password").fill(password)
        self.click("Save")

    def is_told(self, words: str) -> None:
        """See the message after it was done, on the page or in the dialog."""
        said = self.page.locator(".messagelist li, .aac-said")
        expect(said.filter(has_text=words)).to_be_visible()


def colour_of(element: Locator, *, before: bool = False) -> str:
    """Return `green`, `red` or `grey`, by the part that is strongest."""
    rgb = element.evaluate(
        "(e, part) => getComputedStyle(e, part).backgroundColor",
        "::before" if before else None,
    )
    parts = dict(zip(("red", "green", "blue"), map(int, re.findall(r"\d+", rgb))))  # noqa: B905  # an alpha may follow
    strongest = max(parts, key=lambda name: parts[name])
    spread = max(parts.values()) - min(parts.values())
    return strongest if spread > 20 else "grey"
