"""How clients are used, counted in one statement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.admin.client_rows import (
    UNUSED,
    sole_users_of,
    usage_of,
    users_of,
)
from agent_connector.connections.revoke import revoke_users
from agent_connector.models import Client, Connection
from tests.factories import (
    NOON,
    make_client,
    make_code,
    make_connection,
    make_user,
)
from tests.statements import statements

pytestmark = pytest.mark.django_db


def test_users_are_counted_once_and_only_active_tokens_as_active() -> None:
    client = make_client(kind=Client.Kind.DOCUMENT)
    jane, former = make_user("jane"), make_user("former")
    for user in (jane, jane, former):
        make_connection(user, client, now=NOON)
    reason = Connection.RevokedReason.ADMIN
    revoke_users([former.pk], reason=reason, actor=None, now=NOON)
    Connection.objects.filter(user=jane).update(last_used_at=NOON)

    usage = usage_of([client.pk], now=NOON)[client.pk]

    assert (usage.users, usage.active_tokens, usage.all_tokens) == (2, 2, 3)
    assert usage.last_call_at == NOON


def test_what_was_never_exchanged_does_not_count() -> None:
    client = make_client()
    make_code(make_user(), client, now=NOON)

    assert usage_of([client.pk], now=NOON).get(client.pk, UNUSED) == UNUSED


def test_users_come_the_last_active_first_and_not_all_of_them() -> None:
    client = make_client(kind=Client.Kind.DOCUMENT)
    users = [make_user() for _ in range(3)]
    for hours, user in enumerate(users):
        connection, _ = make_connection(user, client, now=NOON)
        Connection.objects.filter(pk=connection.pk).update(
            last_used_at=NOON + timedelta(hours=hours)
        )

    with statements() as seen:
        found = users_of(client.pk, now=NOON, most=2)

    assert [user.pk for user, _ in found] == [users[2].pk, users[1].pk]
    assert len(seen) == 2


def test_a_client_of_one_person_is_known_as_theirs() -> None:
    own, shared = make_client(), make_client(kind=Client.Kind.DOCUMENT)
    jane = make_user("jane")
    for client in (own, own, shared):
        make_connection(jane, client, now=NOON)
    make_connection(make_user(), shared, now=NOON)
    usage = usage_of([own.pk, shared.pk], now=NOON)

    with statements() as seen:
        found = sole_users_of(usage)

    assert {client: user.pk for client, user in found.items()} == {own.pk: jane.pk}
    assert len(seen) == 1
    assert sole_users_of({shared.pk: usage[shared.pk]}) == {}
