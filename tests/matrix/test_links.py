"""No visible link or button leads its viewer to a refusal: walk them all, as each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from agent_connector.models import ToolCall
from panel.shop.models import Product
from tests.factories import NOON, make_admin, make_connection, make_user
from tests.matrix.principals import CHANGES, DRAFTS, VIEWS
from tests.panel.shop import make_order, make_product

pytestmark = pytest.mark.django_db

HEADS = {
    "users": ("agent_connector.view_mcpuser",),
    "access": ("agent_connector.change_mcpaccess",),
    "revoke": ("agent_connector.revoke_connection",),
    "calls": ("agent_connector.view_toolcall",),
    "clients": ("agent_connector.change_client",),
    "settings": ("agent_connector.change_connectorsettings",),
    "host's users": ("auth.view_user",),
}
VIEWERS: dict[str, tuple[str, ...]] = {
    "nobody in particular": (),
    **{f"only {name}": held for name, held in HEADS.items()},
    "users and access": HEADS["users"] + HEADS["access"],
    "users and revoke": HEADS["users"] + HEADS["revoke"],
    "users, calls, clients": HEADS["users"] + HEADS["calls"] + HEADS["clients"],
    "users and host's users": HEADS["users"] + HEADS["host's users"],
    "one who views": VIEWS,
    "one who changes": CHANGES,
}
NEVER = (
    *("/admin/logout/", "/static/", "/admin/jsi18n/"),
    "/admin/agent_connector/connectorsettings/test-fetch/",  # takes POST only
)
MOST_PAGES = 250
DJANGOS_OWN = re.compile(r"/admin/(auth/user/\d+/password|shop/category/\d+/change)/\?")
"""What Django's own pages link to without asking: the password form of a user who is
only looked at, and the page of what a read-only field names."""


class Links(HTMLParser):
    """Where the links and forms of one page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "form": "action", "button": "formaction"}.get(tag)
        self.found += [value for name, value in attrs if name == wanted and value]


def make_things() -> None:
    """Make something for every screen to link to."""
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    connection, _ = make_connection(jane)
    make_connection(make_admin("above"))
    make_user("off", enabled=False)
    make_order(lines=((1, "5.00"),))
    product = make_product(status=Product.Status.DRAFT)
    ToolCall.objects.create(
        at=NOON,
        connection=connection,
        user=jane,
        user_name="jane",
        client_name=connection.client_name,
        tool="get_record",
        model="shop.product",
        object_id=str(product.pk),
        outcome=ToolCall.Outcome.DONE,
        duration=NOON - NOON,
    )


def walk(browser: Client) -> Iterator[tuple[str, str, int]]:
    """Yield each page once: whence, where, and the status; then go on from it."""
    waiting = [("", reverse("admin:index"))]
    seen: set[str] = set()
    while waiting:
        whence, address = waiting.pop()
        page: Any = browser.get(address)
        yield whence, address, page.status_code
        assert len(seen) < MOST_PAGES
        if page.status_code == 302:
            onward = [page.headers["Location"]]
        elif page.headers.get("Content-Type", "").startswith("text/html"):
            links = Links()
            links.feed(page.content.decode())
            onward = links.found
        else:
            onward = []
        for link in onward:
            to = urlsplit(urljoin(address, link))
            is_inside = not to.netloc and to.path.startswith("/admin/")
            if is_inside and to.path not in seen and not to.path.startswith(NEVER):
                seen.add(to.path)
                waiting.append((address, f"{to.path}?{to.query}"))


def refusals(browser: Client) -> list[tuple[str, str, int]]:
    steps = list(walk(browser))
    assert len(steps) > 2
    return [
        (whence, address, status)
        for whence, address, status in steps
        if status not in {200, 302} and not DJANGOS_OWN.fullmatch(address)
    ]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_visible_link_opens(client: Client, viewer: str) -> None:
    make_things()
    client.force_login(make_user("viewer", permissions=VIEWERS[viewer]))

    assert refusals(client) == []


def test_every_visible_link_opens_for_a_superuser(client: Client) -> None:
    make_things()
    client.force_login(make_admin("root"))

    assert refusals(client) == []


def test_a_walk_reaches_every_screen_of_ours(client: Client) -> None:
    make_things()
    client.force_login(make_user("viewer", permissions=(*CHANGES, DRAFTS)))

    reached = {urlsplit(address).path for _, address, _ in walk(client)}

    ours = [path for path in reached if path.startswith("/admin/agent_connector/")]
    words = ("info", "tokens", "access", "revoke", "account", "block", "toolcall")
    assert [
        word for word in words if not any(f"/{word}/" in path for path in ours)
    ] == []
