"""A site whose language is German: nothing that people read there is English."""

from __future__ import annotations

from typing import Any

import pytest

from tests.authorization import authorize_url
from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import GRID, screen, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def german(settings: Any) -> None:
    settings.LANGUAGE_CODE = "de"


def test_the_grid_is_german() -> None:
    page = text_of(signed_in(make_admin("root")).get(GRID))

    for words in (
        "MCP-Benutzer",
        "Zugriffsstatus",
        "Zu MCP hinzugefügt",
        "Zuletzt verwendet",
        "Aktiviert",
        "CSV exportieren",
    ):
        assert words in page
    for words in ("Access Status", "Added to MCP", "Enabled", "Export", "Choose"):
        assert words not in page


def test_the_tab_is_german() -> None:
    root, jane = make_admin("root"), make_user("jane")

    page = text_of(signed_in(root).get(screen("info", jane)))

    for words in (
        "MCP-Zugriff",
        "Ihr aktuelles Admin-Passwort",
        "Verbindungsübersicht",
        "Abgelaufene und widerrufene Tokens",
        "KI-Client-Konfiguration",
        "Führen Sie den Befehl in einem Terminal aus.",
    ):
        assert words in page
    assert "Connection summary" not in page


def test_messages_count_in_german() -> None:
    root, jane = make_admin("root"), make_user("jane")
    for name in ("Cursor", "Claude Code"):
        make_connection(jane, make_client(name))

    done = signed_in(root).post(screen("revoke", jane), {"confirm": "yes"}, follow=True)

    assert "2 Tokens von jane widerrufen." in text_of(done)


def test_consent_is_german() -> None:
    page = text_of(
        signed_in(make_user("jane")).get(authorize_url(make_client("Cursor")))
    )

    assert "Was darf Cursor tun?" in page
    assert "Nur lesen" in page
