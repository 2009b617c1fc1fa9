"""Last Used is exact to the second, and costs no more than it tells."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from agent_connector.audit.last_used import touch
from agent_connector.models import Connection, MCPAccess
from tests.factories import NOON, make_connection, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=7)


def used_before(at: datetime | None) -> Connection:
    """Return a connection as a request finds it, whose user last called `at`."""
    connection, _ = make_connection(make_user(), now=NOON)
    MCPAccess.objects.update(last_used_at=at)
    loaded = Connection.objects.select_related("user__mcp_access")
    return loaded.get(pk=connection.pk)


def use(connection: Connection, *, locks_user: bool = False) -> list[str]:
    """Return the tables that were written, in their order."""
    with statements() as written:
        touch(
            connection,
            at=LATER,
            address="192.0.2.9",
            ends_row=True,
            locks_user=locks_user,
        )
    return [one.split()[1].strip('"') for one in written]


def last_used(connection: Connection) -> tuple[datetime | None, datetime | None]:
    connection.refresh_from_db()
    return (
        MCPAccess.objects.get(user=connection.user).last_used_at,
        connection.last_used_at,
    )


USER, CONNECTION = MCPAccess._meta.db_table, Connection._meta.db_table


@pytest.mark.parametrize("before", [None, NOON, LATER - timedelta(microseconds=1)])
def test_a_new_second_is_written_of_the_user_and_then_of_the_connection(
    before: datetime | None,
) -> None:
    connection = used_before(before)

    assert use(connection) == [USER, CONNECTION]
    assert last_used(connection) == (LATER, LATER)


def test_a_second_call_within_one_second_tells_nothing_new_of_the_user() -> None:
    same_second = LATER + timedelta(microseconds=999_999)
    connection = used_before(same_second)

    assert use(connection) == [CONNECTION]
    assert last_used(connection) == (same_second, LATER)


def test_a_change_always_locks_the_user_that_a_revocation_waits_for() -> None:
    connection = used_before(LATER)

    assert use(connection, locks_user=True) == [USER, CONNECTION]


def test_the_users_and_connections_of_others_are_left_alone() -> None:
    connection, other = used_before(None), used_before(None)

    use(connection)

    assert last_used(other) == (None, None)
