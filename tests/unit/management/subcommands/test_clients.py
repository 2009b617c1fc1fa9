"""Clients are listed with who uses them."""

from __future__ import annotations

import pytest

from agent_connector.models import Client
from tests.commands import run
from tests.factories import make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_a_row_says_what_is_known_and_who_uses_it() -> None:
    make_connection(make_user("jane"), make_client("Cursor", client_id="cursor"))

    [row] = run("clients", "--json").document

    assert (row["client_id"], row["name"], row["kind"], row["trust"]) == (
        "cursor",
        "Cursor",
        "dynamic",
        "default",
    )
    assert (row["users"], row["active_tokens"], row["all_tokens"]) == (1, 1, 1)
    assert "secret_digest" not in row


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--search", "curs"), ["Cursor"]),
        (("--search", "editor.example"), ["Editor"]),
        (("--kind", "manual"), ["Report"]),
        (("--blocked",), ["Wild"]),
        (("--search", "curs wild"), []),
    ],
)
def test_filters_leave_the_clients_they_name(
    arguments: tuple[str, ...], names: list[str]
) -> None:
    make_client("Cursor")
    make_client("Editor", host="editor.example", kind=Client.Kind.DOCUMENT)
    make_client("Report", kind=Client.Kind.MANUAL)
    make_client("Wild", trust=Client.Trust.BLOCKED)

    assert [
        row["name"] for row in run("clients", "--json", *arguments).document
    ] == names


def test_a_hostile_name_moves_no_cursor() -> None:
    make_client("\x1b[2JCursor")

    assert "\x1b" not in run("clients").out
