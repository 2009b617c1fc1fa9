"""The panel speaks the language that the reader's browser asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import formats, translation

from panel.shop.admin.money import euros
from tests.authorization import authorize_url
from tests.factories import make_admin, make_client, make_connection, make_user
from tests.panel.shop import make_order, make_product
from tests.screens import GRID, text_of

pytestmark = pytest.mark.django_db

SHELL = {
    "Willkommen": "Welcome",
    "Abmelden": "Sign out",
    "Produkte": "Products",
    "Bestellungen": "Orders",
    "Kunden": "Customers",
    "Kategorien": "Categories",
    "Gutscheine": "Coupons",
    "MCP-Benutzer": "MCP Users",
    "Tool-Aufrufe": "Tool Calls",
    "Berechtigungen": "Permissions",
    "Alle Benutzer": "All Users",
    "Benutzerrollen": "User Roles",
}
"""The German words of every page of the admin, and the English ones for them."""

WELCOME = {
    "Bestellungen heute": "Orders today",
    "Zu versenden": "To ship",
    "Lagerbestand niedrig": "Low on stock",
    "Aktive Verbindungen": "Active connections",
    "Tool-Aufrufe heute": "Tool calls today",
    "Einen Client verbinden": "Connect a client",
    "Führen Sie den Befehl in einem Terminal aus.": "Run the command",
    "Bei der Arbeit zusehen": "Watch it work",
    "Die Verbindung trennen": "Cut it off",
    "Angemeldet als": "Signed in as",
    "Kontoeinstellung": "Account Setting",
    "Aktiviert": "Enabled",
    "Produktentwürfe": "Draft products",
}
MCP_USERS = {
    "Start": "Home",
    "Einstellungen": "Settings",
    "Zugriffsstatus": "Access Status",
    "Zu MCP hinzugefügt": "Added to MCP",
    "Zuletzt verwendet": "Last Used",
    "Aktionen": "Actions",
    "CSV exportieren": "Export CSV",
}
CONSENT = {
    "Was darf Cursor tun?": "What may Cursor do?",
    "Nur lesen": "Read only",
    "Autorisieren": "Authorize",
    "Ablehnen": "Deny",
    "Die Antwort geht an": "Answer goes to",
}


@pytest.fixture
def browser() -> Client:
    """The browser of an administrator who reads German."""
    root = make_admin()
    make_connection(root, make_client("Claude Code"))
    browser = Client(headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})
    browser.force_login(root)
    return browser


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (reverse("admin:index"), SHELL | WELCOME),
        (GRID, SHELL | MCP_USERS),
        ("consent", CONSENT),
    ],
    ids=["welcome", "mcp-users", "consent"],
)
def test_a_page_is_german_throughout(
    browser: Client, address: str, words: dict[str, str]
) -> None:
    if address == "consent":
        address = authorize_url(make_client("Cursor"))

    page = browser.get(address)

    text = text_of(page)
    assert [german for german in words if german not in text] == []
    assert [english for english in words.values() if english in text] == []
    assert '<html lang="de"' in page.text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("product", ("Produkt hinzufügen", "Im Verkauf", "Lagerbestand", "42,00 €")),
        ("order", ("Bestellung hinzufügen", "Bezahlt", "Bestelldatum")),
        ("customer", ("Kunde hinzufügen", "Letzte Bestellung", "Ort")),
    ],
)
def test_the_lists_of_the_shop_are_german(
    browser: Client, name: str, words: tuple[str, ...]
) -> None:
    make_product()
    make_order()

    text = text_of(browser.get(reverse(f"admin:shop_{name}_changelist")))

    assert [word for word in words if word not in text] == []


def test_an_error_page_is_german(browser: Client) -> None:
    page = browser.get("/no-such-page/")

    assert "Seite nicht gefunden" in page.text
    assert '<html lang="de">' in page.text


@pytest.mark.parametrize("asked", ["", "en-GB", "fr,nl;q=0.5"])
def test_everybody_else_reads_english(asked: str) -> None:
    browser = Client(headers={"accept-language": asked} if asked else {})
    browser.force_login(make_user())

    page = browser.get(reverse("admin:index"))

    assert "Connect a client" in page.text
    assert '<html lang="en"' in page.text


def test_amounts_and_times_are_written_as_in_german() -> None:
    moment = datetime(2026, 11, 2, 14, 5, 6, tzinfo=UTC)

    with translation.override("de"):
        written = formats.date_format(moment, "DATETIME_FORMAT")
        price = euros(Decimal("1234.5"))

    assert (written, price) == ("2. Nov. 2026, 14:05", "1.234,50\xa0€")
