"""Tokens are listed with the status that the screens show."""

from __future__ import annotations

from datetime import datetime, timedelta

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
def _some() -> None:
    """Let there be tokens of each status, the personal one of Omar among them."""
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
    suspended, _ = make_connection(make_user("hasty"), make_client("Gemini"))
    gone, _ = make_connection(jane, make_client("Older"), now=now - timedelta(days=300))
    Connection.objects.filter(pk__in=[suspended.pk, gone.pk]).update(suspended_at=now)
    make_personal(make_user("omar"))


@pytest.mark.usefixtures("_some")
@pytest.mark.parametrize(
    ("arguments", "clients"),
    [
        (("--user", "jane"), {"Cursor", "Old", "Older", "Codex"}),
        (("--client", "cursor"), {"Cursor"}),
        (("--status", "active"), {"Cursor", "nightly report"}),
        (("--status", "expired"), {"Old", "Older"}),
        (("--status", "revoked"), {"Codex"}),
        (("--status", "inactive"), {"Claude"}),
        (("--status", "suspended"), {"Gemini"}),
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


@pytest.mark.usefixtures("_some")
def test_a_revoked_one_says_by_whom_and_why() -> None:
    [row] = run("tokens", "--status", "revoked", "--json").document

    assert (row["user"], row["revoked_by"], row["revoked_reason"]) == (
        "jane",
        "root",
        "admin",
    )
    assert row["id"] == str(Connection.objects.get(client_name="Codex").public_id)


@pytest.mark.usefixtures("_some")
def test_a_suspended_one_says_since_when() -> None:
    [row] = run("tokens", "--status", "suspended", "--json").document

    suspended_at = Connection.objects.get(client_name="Gemini").suspended_at
    assert datetime.fromisoformat(row["suspended_at"]) == suspended_at
    assert "suspended" in run("tokens", "--user", "hasty").out


@pytest.mark.usefixtures("_some")
def test_nothing_of_a_secret_is_shown() -> None:
    ran = run("tokens", "--json")

    assert not {"digest", "hint", "token"} & set(ran.document[0])
    assert "acp_" not in ran.out
