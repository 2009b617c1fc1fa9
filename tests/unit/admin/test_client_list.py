"""Clients: what connects, told apart from what it says of itself."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agent_connector.models import Client
from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import VIEW, signed_in, text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db
LIST = "/admin/agent_connector/client/"


@pytest.fixture
def browser() -> Browser:
    return signed_in(make_admin("root", enabled=False))


def test_a_row_tells_what_is_verified_and_how_it_is_used(browser: Browser) -> None:
    client = make_client("Cursor", kind=Client.Kind.DOCUMENT, host="cursor.example")
    for _ in range(2):
        make_connection(make_user(), client, now=timezone.now())

    text = text_of(browser.get(LIST))

    columns = "Client Kind Verified Host Users Active Tokens Created Last Used Trust"
    assert columns in text
    assert "Cursor Name not verified Kind Document" in text
    assert "Verified Host cursor.example Users 2 Active Tokens 2 Created" in text
    assert "Trust Default Block" in text


def test_clients_of_one_name_are_told_apart_by_who_uses_them(browser: Browser) -> None:
    for name in ("jane", "joan"):
        make_connection(make_user(name), make_client("Claude"), now=timezone.now())

    text = text_of(browser.get(LIST))

    assert "Users jane Active Tokens 1" in text
    assert "Users joan Active Tokens 1" in text


def test_that_an_administrator_entered_it_is_said_once(browser: Browser) -> None:
    make_client("Reporting", kind=Client.Kind.MANUAL)

    row = text_of(browser.get(LIST)).partition("Reporting")[2]

    assert row.startswith(" Kind Entered Verified Host")


@pytest.mark.parametrize(
    "query",
    [
        *("q=cursor", "kind=document", "trust=blocked", "created_from=2026-06-01"),
        *("q=id-7", "q=cursor.example"),
    ],
)
def test_each_filter_leaves_the_clients_it_names(browser: Browser, query: str) -> None:
    make_client("Codex")
    wanted = make_client(
        "Cursor",
        client_id="id-7",
        kind=Client.Kind.DOCUMENT,
        host="cursor.example",
        trust=Client.Trust.BLOCKED,
        created_at=timezone.now(),
    )

    page = browser.get(f"{LIST}?{query}")

    assert [client.pk for client in page.context["cl"].result_list] == [wanted.pk]


def test_where_nothing_matches_the_page_says_so(browser: Browser) -> None:
    text = text_of(browser.get(f"{LIST}?q=zzz"))

    assert "No client matches these filters." in text


@pytest.mark.parametrize("number", [1, 30])
def test_more_clients_cost_no_more_statements(browser: Browser, number: int) -> None:
    for _ in range(number):
        make_connection(make_user(), make_client(), now=timezone.now())

    with statements() as seen:
        browser.get(LIST)

    assert len(seen) <= 6


def test_a_blocked_client_offers_unblock(browser: Browser) -> None:
    make_client(trust=Client.Trust.BLOCKED)

    assert "Blocked Unblock" in text_of(browser.get(LIST))


def test_without_the_permission_there_is_nothing() -> None:
    client = make_client()
    nobody = signed_in(make_user(permissions=(VIEW,)))

    for path in ("", f"{client.pk}/", f"{client.pk}/block/", f"{client.pk}/unblock/"):
        assert nobody.get(LIST + path).status_code == 403
    assert "Clients" not in text_of(nobody.get("/admin/"))


def test_clients_are_not_edited_as_objects(browser: Browser) -> None:
    client = make_client()

    for path in (f"{client.pk}/change/", f"{client.pk}/delete/"):
        assert browser.get(LIST + path).status_code == 404
    assert browser.get(f"{LIST}?secret_digest__startswith=x").status_code == 400


def test_adding_a_client_stands_beside_the_title_and_not_among_the_filters(
    browser: Browser,
) -> None:
    page = browser.get(LIST).content.decode()

    tools = page.partition('<ul class="object-tools">')[2].partition("</ul>")[0]
    filters = page.partition('role="search"')[2].partition("</form>")[0]
    assert "Add client" in tools
    assert "Add client" not in filters
