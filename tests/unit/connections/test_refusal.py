"""Refusals: what the client's person is told, without anything secret."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from agent_connector.connections.refusal import (
    SWITCHED_OFF,
    Problem,
    Refusal,
    refusal_by_site,
    refusal_of,
)
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Client, Connection, ConnectorSettings, MCPAccess
from agent_connector.policy.settings import SWITCHES, with_settings
from tests.factories import NOON, make_admin, make_connection, make_user

pytestmark = pytest.mark.django_db

Reason = Connection.RevokedReason
LATER = NOON + timedelta(hours=2, minutes=3)


def refusal() -> Refusal | None:
    connection = Connection.objects.select_related("user__mcp_access").get()
    return refusal_of(connection, now=LATER)


def test_a_live_connection_is_not_refused() -> None:
    make_connection(make_user(), now=NOON)

    assert refusal() is None


def test_a_connection_ends_at_its_very_moment() -> None:
    make_connection(make_user(), now=NOON)
    Connection.objects.update(expires_at=LATER)

    answer = refusal()

    assert answer is not None
    assert answer.problem is Problem.EXPIRED


def test_a_server_that_is_switched_off_refuses_everybody() -> None:
    make_connection(make_user(), now=NOON)
    ConnectorSettings.objects.create(mcp_server_enabled=False)
    row = with_settings(Connection.objects.all(), *SWITCHES).get()

    assert refusal_by_site(row, origin=row.origin) == SWITCHED_OFF


def test_a_revocation_says_by_whom_and_when() -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    revoke_connection(
        connection, reason=Reason.ADMIN, actor=make_admin("boss"), now=LATER
    )

    assert refusal() == Refusal(
        Problem.REVOKED, "Revoked by boss at 2026-03-02 14:03 UTC."
    )


def test_a_time_without_zone_is_the_sites_own_and_said_in_utc(
    settings: Settings,
) -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    revoke_connection(connection, reason=Reason.ADMIN, actor=None, now=LATER)
    connection.revoked_at = datetime(2026, 3, 2, 15, 3)  # noqa: DTZ001

    settings.TIME_ZONE = "Europe/Berlin"

    answer = refusal_of(connection, now=LATER)

    assert answer is not None
    assert answer.sentence == "Revoked at 2026-03-02 14:03 UTC."


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        (Reason.DISABLED, "MCP access was disabled"),
        (Reason.REUSE, "a refresh token was used twice"),
        (Reason.CODE_REPLAY, "an authorization code was used twice"),
        (Reason.CLIENT, "signed out by the client"),
        (Reason.REPLACED, "replaced by a newer sign-in"),
        (Reason.BLOCKED, "the client was blocked"),
    ],
)
def test_a_revocation_by_the_machine_says_why(reason: str, because: str) -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    revoke_connection(connection, reason=Reason(reason), actor=None, now=LATER)

    answer = refusal()

    assert answer is not None
    assert answer.sentence == f"Revoked at 2026-03-02 14:03 UTC: {because}."


def test_a_reason_of_a_later_version_is_refused_too() -> None:
    make_connection(make_user(), now=NOON)
    Connection.objects.update(revoked_at=LATER, revoked_reason="leak")

    answer = refusal()

    assert answer is not None
    assert answer.problem is Problem.REVOKED


def test_the_strongest_reason_is_the_one_that_is_given() -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    given = []

    Connection.objects.update(expires_at=NOON)
    given.append(refusal())
    MCPAccess.objects.update(epoch=7)
    given.append(refusal())
    MCPAccess.objects.update(enabled=False)
    given.append(refusal())
    type(connection.user).objects.update(is_staff=False)
    given.append(refusal())
    Client.objects.update(trust=Client.Trust.BLOCKED)
    given.append(refusal())
    revoke_connection(connection, reason=Reason.CLIENT, actor=None, now=LATER)
    given.append(refusal())

    assert [answer.problem for answer in given if answer] == [
        Problem.EXPIRED,
        Problem.REVOKED,
        Problem.DISABLED,
        Problem.NOT_STAFF,
        Problem.BLOCKED,
        Problem.REVOKED,
    ]
