"""Connections: what counts as active, and what a revoked row must say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Client, Connection, MCPAccess
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_code,
    make_connection,
    make_user,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


def is_active() -> bool:
    return Connection.objects.active(at=LATER).exists()


def test_an_exchanged_connection_of_enabled_staff_is_active() -> None:
    make_connection(make_user(), now=NOON)

    assert is_active()


@pytest.mark.parametrize(
    "changes",
    [
        {"revoked_at": NOON, "revoked_reason": "admin"},
        {"exchanged_at": None},
        {"expires_at": LATER},
        {"absolute_expires_at": LATER},
        {"epoch": 1},
    ],
)
def test_a_connection_that_has_ended_is_not_active(changes: dict[str, Any]) -> None:
    make_connection(make_user(), now=NOON)

    Connection.objects.update(**changes)

    assert not is_active()


@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_staff": False}])
def test_a_connection_of_who_may_not_sign_in_is_not_active(
    changes: dict[str, Any],
) -> None:
    user = make_user()
    make_connection(user, now=NOON)

    type(user).objects.filter(pk=user.pk).update(**changes)

    assert not is_active()


@pytest.mark.parametrize("changes", [{"enabled": False}, {"epoch": 1}])
def test_a_connection_without_access_is_not_active(changes: dict[str, Any]) -> None:
    make_connection(make_user(), now=NOON)

    MCPAccess.objects.update(**changes)

    assert not is_active()


def test_a_connection_without_a_row_of_access_is_not_active() -> None:
    make_connection(make_user(), now=NOON)

    MCPAccess.objects.all().delete()

    assert not is_active()


def test_a_blocked_client_has_no_active_connection() -> None:
    make_connection(make_user(), now=NOON)

    Client.objects.update(trust=Client.Trust.BLOCKED)

    assert not is_active()


def test_a_connection_whose_client_is_gone_or_never_was_can_be_active() -> None:
    make_connection(make_user(), now=NOON)

    Client.objects.all().delete()

    assert is_active()


def test_listed_are_those_whose_code_was_exchanged() -> None:
    user, client = make_user(), make_client(kind=Client.Kind.MANUAL)
    exchanged, _ = make_connection(user, client)
    make_code(user, client)

    assert Connection.objects.count() == 2
    assert list(Connection.objects.listed()) == [exchanged]


def test_unrevoked_are_those_that_nobody_ended() -> None:
    user, client = make_user(), make_client(kind=Client.Kind.MANUAL)
    ended, _ = make_connection(user, client, now=NOON)
    kept, _ = make_connection(user, client, now=NOON)
    revoke_connection(
        ended, reason=Connection.RevokedReason.USER, actor=user, now=LATER
    )

    assert list(Connection.objects.unrevoked()) == [kept]


@pytest.mark.parametrize(
    "half",
    [
        {"revoked_at": NOON},
        {"revoked_reason": "admin"},
        {"revoked_at": NOON, "revoked_reason": ""},
    ],
)
def test_the_database_refuses_a_revocation_that_is_half_told(
    half: dict[str, Any],
) -> None:
    make_connection(make_user(), now=NOON)

    with pytest.raises(IntegrityError):
        Connection.objects.update(**half)


def test_the_database_refuses_an_actor_of_no_revocation() -> None:
    make_connection(make_user(), now=NOON)
    admin = make_admin()

    with pytest.raises(IntegrityError):
        Connection.objects.update(revoked_by=admin)


def test_a_revocation_outlives_who_did_it() -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    admin = make_admin()
    revoke_connection(
        connection, reason=Connection.RevokedReason.ADMIN, actor=admin, now=LATER
    )

    admin.delete()

    connection.refresh_from_db()
    assert (connection.revoked_by, connection.revoked_at) == (None, LATER)


def test_each_connection_has_its_own_public_id() -> None:
    user, client = make_user(), make_client(kind=Client.Kind.MANUAL)

    ids = {make_connection(user, client)[0].public_id for _ in range(5)}

    assert len(ids) == 5


def test_showing_a_connection_shows_no_secret() -> None:
    connection, pair = make_connection(make_user(), make_client("Cursor"))

    assert str(connection) == f"Cursor #{connection.pk}"
    assert pair.access[-4:] not in repr(connection)


def test_a_personal_connection_goes_by_its_label() -> None:
    assert str(Connection(pk=7, label="nightly report")) == "nightly report #7"
