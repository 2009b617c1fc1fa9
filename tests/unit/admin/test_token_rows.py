"""The rows of the token table: one connection each, as people read it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from agent_connector.admin.token_rows import TokenRow, connections_of, token_rows
from agent_connector.connections.revoke import revoke_connection
from agent_connector.connections.rotate import rotate_refresh_token
from agent_connector.models import Client, Connection
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_code,
    make_connection,
    make_personal,
    make_user,
)
from tests.statements import statements

pytestmark = pytest.mark.django_db


def _rows(user: User, *, now: datetime = NOON) -> list[TokenRow]:
    return token_rows(connections_of(user.pk, now=now), now=now)


def test_after_five_refreshes_it_is_still_one_active_row() -> None:
    user, client = make_user(), make_client()
    connection, pair = make_connection(user, client, now=NOON)
    now = NOON
    for _ in range(5):
        now += timedelta(minutes=1)
        pair = rotate_refresh_token(  # type: ignore[assignment]  # no refusal here
            pair.refresh, client=client, level="", now=now, address=None
        )

    [row] = _rows(user, now=now)

    assert row.is_active
    assert row.public_id == str(connection.public_id)
    assert row.access_expires_at == now + timedelta(hours=1)


def test_a_consent_that_was_not_exchanged_is_no_row() -> None:
    user = make_user()
    make_code(user, now=NOON)

    assert _rows(user) == []


def test_a_revoked_row_keeps_who_revoked_it_when_and_why() -> None:
    user, root = make_user(), make_admin("root", first_name="Ada", last_name="Root")
    connection, _ = make_connection(user, now=NOON)
    revoke_connection(
        connection, reason=Connection.RevokedReason.ADMIN, actor=root, now=NOON
    )

    [row] = _rows(user)

    assert (row.status, row.revoked_by, row.revoked_at, row.revoked_reason) == (
        "revoked",
        "Ada Root",
        NOON,
        "",  # the name says it
    )
    assert not row.can_be_revoked


def test_a_row_expires_with_the_sign_in() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)

    [row] = _rows(user, now=connection.expires_at)

    assert (row.status, row.can_be_revoked) == ("expired", False)


def test_the_sign_in_never_outlasts_the_end_of_the_connection() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)
    end = NOON + timedelta(days=1)
    Connection.objects.filter(pk=connection.pk).update(absolute_expires_at=end)

    [row] = _rows(user)

    assert row.sign_in_after == end


@pytest.mark.parametrize("locked", ["user", "client"])
def test_what_is_locked_out_for_now_is_inactive_and_can_be_revoked(
    locked: str,
) -> None:
    user = make_user()
    make_connection(user, now=NOON)
    if locked == "user":
        User.objects.update(is_active=False)
    else:
        Client.objects.update(trust=Client.Trust.BLOCKED)

    [row] = _rows(user)

    assert (row.status, row.can_be_revoked) == ("inactive", True)
    assert row.status_note


def test_a_personal_token_is_named_by_its_label_and_says_what_it_is() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)
    Connection.objects.filter(pk=connection.pk).update(
        origin=Connection.Origin.PERSONAL, client=None, client_name="", label="nightly"
    )

    [row] = _rows(user)

    assert (row.client, str(row.origin)) == ("nightly", "Personal Access Token")


def test_active_rows_come_first_then_the_newest() -> None:
    user = make_user()
    for name, days in (("live", 3), ("dead old", 2), ("dead new", 1)):
        connection, _ = make_connection(
            user, make_client(name), now=NOON - timedelta(days=days)
        )
        if name.startswith("dead"):
            reason = Connection.RevokedReason.CLIENT
            revoke_connection(connection, reason=reason, actor=None, now=NOON)

    assert [row.client for row in _rows(user)] == ["live", "dead new", "dead old"]


def test_what_was_noted_about_a_connection_is_said_once() -> None:
    user = make_user()
    Connection.objects.filter(
        pk=make_connection(user, make_client("Cursor"), now=NOON)[0].pk
    ).update(label="Sample")
    Connection.objects.filter(
        pk=make_connection(user, now=NOON - timedelta(days=1))[0].pk
    ).update(label="nightly report", origin=Connection.Origin.PERSONAL)

    said = [(row.client, row.label) for row in _rows(user)]

    assert said == [("Cursor", "Sample"), ("nightly report", "")]


def test_any_number_of_rows_costs_one_statement() -> None:
    user = make_user()
    for _ in range(4):
        make_connection(user, make_client(), now=NOON)

    with statements() as seen:
        _rows(user)

    assert len(seen) == 1


def test_an_active_row_says_that_run_out_access_refreshes_by_itself() -> None:
    user = make_user()
    make_connection(user, now=NOON)

    [fresh] = _rows(user, now=NOON)
    [run_out] = _rows(user, now=NOON + timedelta(hours=2))

    assert (fresh.is_active, fresh.access_note) == (True, "")
    assert (run_out.is_active, run_out.access_note) == (True, "Refreshes by itself")


@pytest.mark.parametrize(
    ("reason", "told"),
    [("admin", "by an administrator"), ("blocked", "The client was blocked")],
)
def test_a_row_that_nobody_by_name_revoked_says_why(reason: str, told: str) -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)
    why = Connection.RevokedReason(reason)
    revoke_connection(connection, reason=why, actor=None, now=NOON)

    [row] = _rows(user)

    assert str(row.revoked_reason) == told


def test_a_personal_token_has_one_end_and_no_sign_in() -> None:
    user = make_user()
    connection = make_personal(user).connection

    [active] = _rows(user)
    [expired] = _rows(user, now=connection.expires_at)

    for row in (active, expired):
        assert row.access_expires_at == connection.expires_at
        assert row.sign_in_after is None


def test_what_is_revoked_has_no_end_to_come() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)
    reason = Connection.RevokedReason.CLIENT
    revoke_connection(connection, reason=reason, actor=None, now=NOON)

    [row] = _rows(user)

    assert (row.access_expires_at, row.sign_in_after) == (None, None)
