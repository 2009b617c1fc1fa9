"""The programs that users connected, grouped as people know them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.admin.clients import (
    MOST_GREY,
    OLD_AFTER,
    PERSONAL_NAME,
    client_name,
    clients_of,
)
from agent_connector.audit.lines import NAMELESS
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection
from tests.factories import NOON, make_client, make_code, make_connection, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db


def _revoke(connection: Connection) -> None:
    reason = Connection.RevokedReason.ADMIN
    revoke_connection(connection, reason=reason, actor=None, now=NOON)


def test_the_same_program_connected_three_times_is_one_group() -> None:
    user = make_user()
    for _ in range(3):
        make_connection(user, make_client("Claude Code"), now=NOON)

    [group] = clients_of([user.pk], now=NOON)[user.pk].groups

    assert (group.name, group.active, group.shown_count) == ("Claude Code", 3, 3)


def test_the_same_name_of_another_host_is_another_program() -> None:
    user = make_user()
    make_connection(user, make_client("Claude", host="claude.ai"), now=NOON)
    make_connection(user, make_client("Claude"), now=NOON)

    groups = clients_of([user.pk], now=NOON)[user.pk].groups

    assert sorted(group.host for group in groups) == ["", "claude.ai"]


def test_one_live_connection_makes_the_group_active() -> None:
    user = make_user()
    dead, _ = make_connection(user, make_client("Cursor"), now=NOON)
    make_connection(user, make_client("Cursor"), now=NOON)
    _revoke(dead)

    clients = clients_of([user.pk], now=NOON)[user.pk]

    assert clients.groups[0].is_active
    assert (clients.connected, clients.active_tokens, clients.inactive_tokens) == (
        1,
        1,
        1,
    )


def test_an_expired_connection_is_inactive() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)

    [group] = clients_of([user.pk], now=connection.expires_at)[user.pk].groups

    assert not group.is_active


def test_a_consent_without_exchange_is_no_client_yet() -> None:
    user = make_user()
    make_code(user, now=NOON)

    assert clients_of([user.pk], now=NOON) == {}


def test_active_programs_come_first_then_the_last_seen() -> None:
    user = make_user()
    for name, age in (("old", 3), ("newer", 1)):
        dead, _ = make_connection(
            user, make_client(name), now=NOON - timedelta(days=age)
        )
        _revoke(dead)
    make_connection(user, make_client("live"), now=NOON - timedelta(days=2))

    groups = clients_of([user.pk], now=NOON)[user.pk].groups

    assert [group.name for group in groups] == ["live", "newer", "old"]


def test_what_is_grey_and_long_out_of_use_gets_no_dot() -> None:
    user = make_user()
    make_connection(user, make_client("ancient"), now=NOON - OLD_AFTER)
    recent, _ = make_connection(
        user, make_client("recent"), now=NOON - OLD_AFTER + timedelta(days=1)
    )
    _revoke(recent)

    shown = clients_of([user.pk], now=NOON)[user.pk].shown(now=NOON)

    assert [group.name for group in shown] == ["recent"]


def test_many_grey_programs_are_folded_even_when_recent() -> None:
    user = make_user()
    for number in range(MOST_GREY + 3):
        dead, _ = make_connection(user, make_client(f"tool {number}"), now=NOON)
        _revoke(dead)

    clients = clients_of([user.pk], now=NOON)[user.pk]

    assert len(clients.shown(now=NOON)) == MOST_GREY


def test_personal_tokens_and_nameless_clients_have_names_on_screen() -> None:
    personal = Connection(origin=Connection.Origin.PERSONAL)
    nameless = Connection(origin=Connection.Origin.OAUTH, client_name="")

    assert client_name(personal) == PERSONAL_NAME
    assert client_name(nameless) == NAMELESS


def test_personal_tokens_are_one_group_whatever_their_labels() -> None:
    user = make_user()
    for label in ("laptop", "server"):
        connection, _ = make_connection(user, now=NOON)
        Connection.objects.filter(pk=connection.pk).update(
            origin=Connection.Origin.PERSONAL, client=None, client_name="", label=label
        )

    [group] = clients_of([user.pk], now=NOON)[user.pk].groups

    assert (group.name, group.active) == (PERSONAL_NAME, 2)


def test_any_number_of_users_and_tokens_costs_one_statement() -> None:
    users = [make_user() for _ in range(4)]
    for user in users:
        for _ in range(3):
            make_connection(user, make_client(), now=NOON)

    with statements() as seen:
        clients_of([user.pk for user in users], now=NOON)

    assert len(seen) == 1
