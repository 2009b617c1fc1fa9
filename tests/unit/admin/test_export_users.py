"""The MCP Users grid as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_admin, make_client, make_connection, make_user
from tests.screens import GRID, signed_in, text_of
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_admin("root", enabled=False))


def exported(browser: Client, query: str = "") -> list[dict[str, str]]:
    answer: Any = browser.get(f"{GRID}export/{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_export_holds_every_user_of_the_grid(browser: Client) -> None:
    jane = make_user("jane", first_name="Jane", last_name="Doe")
    make_connection(jane, make_client("Cursor"))

    rows = {row["sign_in_name"]: row for row in exported(browser)}

    assert set(rows) == {"jane", "root"}
    assert rows["jane"]["user"] == "Jane Doe"
    assert rows["jane"]["access_status"] == "enabled"
    assert rows["jane"]["connected_clients"] == "Cursor"
    assert rows["jane"]["active_tokens"] == "1"
    assert rows["jane"]["added_to_mcp_utc"] == "2026-03-02 12:00:00"
    assert rows["root"]["access_status"] == "disabled"


def test_the_export_holds_what_the_filters_leave(browser: Client) -> None:
    make_user("jane")

    assert [row["sign_in_name"] for row in exported(browser, "?access=enabled")] == [
        "jane"
    ]


def test_a_name_is_no_formula(browser: Client) -> None:
    make_user("jane", first_name="=cmd()")

    rows = {row["sign_in_name"]: row for row in exported(browser)}

    assert rows["jane"]["user"] == "'=cmd()"


def test_the_grid_leads_to_the_export_with_its_filters(browser: Client) -> None:
    page = browser.get(f"{GRID}?access=enabled")

    assert "Export CSV" in text_of(page)
    assert 'href="export/?access=enabled"' in page.content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_more_users_cost_no_more_statements(browser: Client, number: int) -> None:
    for _ in range(number):
        make_connection(make_user())

    with statements() as seen:
        exported(browser)

    assert len(seen) <= 8


def test_without_the_permission_there_is_none() -> None:
    assert signed_in(make_user()).get(f"{GRID}export/").status_code == 403
