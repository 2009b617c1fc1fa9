"""Tokens are listed with the status that the screens show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection, MCPAccess
from tests.commands import run
from tests.factories import (
    make_admin,
    make_client,
    make_connection,
    make_personal,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def _four() -> None:
    """Let Jane have one of each status, and Omar a personal token."""
    now = timezone.now()
    jane, locked_out = make_user("jane"), make_user("lock")
    make_connection(jane, make_client("Cursor", client_id="cursor"))
    make_connection(jane, make_client("Old"), now=now - timedelta(days=200))
    revoked, _ = make_connection(jane, make_client("Codex"))
    revoke_connection(
        revoked,
        reason=Connection.RevokedReason.ADMIN,
        actor=make_admin("root"),
        now=now,
    )
    make_connection(locked_out, make_client("Claude"))
    MCPAccess.objects.filter(user=locked_out).update(enabled=False)
    make_personal(make_user("omar"))


@pytest.mark.usefixtures("_four")
@pytest.mark.parametrize(
    ("arguments", "clients"),
    [
        (("--user", "jane"), {"Cursor", "Old", "Codex"}),
        (("--client", "cursor"), {"Cursor"}),
        (("--status", "active"), {"Cursor", "nightly report"}),
        (("--status", "expired"), {"Old"}),
        (("--status", "revoked"), {"Codex"}),
        (("--status", "inactive"), {"Claude"}),
        (("--personal",), {"nightly report"}),
        (("--personal", "--user", "jane"), set()),
    ],
)
def test_filters_leave_the_tokens_they_name(
    arguments: tuple[str, ...], clients: set[str]
) -> None:
    ran = run("tokens", "--json", *arguments)

    assert {row["client"] for row in ran.document} == clients
    if arguments[0] == "--status":
        assert {row["status"] for row in ran.document} == {arguments[1]}


@pytest.mark.usefixtures("_four")
def test_a_revoked_one_says_by_whom_and_why() -> None:
    [row] = run("tokens", "--status", "revoked", "--json").document

    assert (row["user"], row["revoked_by"], row["revoked_reason"]) == (
        "jane",
        "root",
        "admin",
    )
    assert row["id"] == str(Connection.objects.get(client_name="Codex").public_id)


@pytest.mark.usefixtures("_four")
def test_nothing_of_a_secret_is_shown() -> None:
    ran = run("tokens", "--json")

    assert not {"digest", "hint", "token"} & set(ran.document[0])
    assert "acp_" not in ran.out
