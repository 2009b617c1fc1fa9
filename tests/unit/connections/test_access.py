"""Access: disabling revokes at once, enabling again revives nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.connections.access import (
    disable_access,
    enable_access,
    start_enabled,
)
from agent_connector.connections.issue import TokenPair
from agent_connector.connections.revoke import Revoked
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Connection, Event, MCPAccess
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.factories import NOON, make_admin, make_connection, make_user
from tests.statements import one_act, statements

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=20)


def works(pair: TokenPair) -> bool:
    answer = verify_access_token(
        pair.access, resource=resource_url(), now=LATER, address=None
    )
    return isinstance(answer, Caller)


def test_enabling_makes_a_row_that_says_since_when_and_by_whom() -> None:
    user, bystander, admin = make_user(enabled=False), make_user(), make_admin()
    MCPAccess.objects.filter(pk=bystander.pk).update(enabled=False)

    with one_act():
        changed = enable_access([user.pk], actor=admin, now=NOON, address="::1")

    access = MCPAccess.objects.get(pk=user.pk)
    assert changed == 1
    assert access.enabled
    assert (access.added_at, access.changed_at) == (NOON, NOON)
    assert access.changed_by == admin
    assert not MCPAccess.objects.get(pk=bystander.pk).enabled
    event = Event.objects.get()
    assert (event.kind, event.user, event.actor, event.address) == (
        Event.Kind.ACCESS_ENABLED,
        user,
        admin,
        "::1",
    )


def test_added_to_mcp_keeps_its_first_date() -> None:
    user, admin = make_user(enabled=False), make_admin()
    enable_access([user.pk], actor=admin, now=NOON)
    disable_access([user.pk], actor=admin, now=LATER)

    enable_access([user.pk], actor=admin, now=LATER)

    access = MCPAccess.objects.get(pk=user.pk)
    assert (access.added_at, access.changed_at) == (NOON, LATER)


def test_enabling_who_is_enabled_changes_and_records_nothing() -> None:
    user = make_user()

    assert enable_access([user.pk], actor=make_admin(), now=LATER) == 0
    assert not Event.objects.exists()


def test_disabling_revokes_every_token_in_the_same_act() -> None:
    user, admin = make_user(), make_admin()
    pairs = [make_connection(user, now=NOON)[1] for _ in range(3)]
    _, spared = make_connection(make_user(), now=NOON)

    with one_act():
        revoked = disable_access([user.pk], actor=admin, now=LATER)

    assert revoked == Revoked(users=1, tokens=3)
    assert not any(map(works, pairs))
    assert works(spared)
    assert set(
        Connection.objects.filter(user=user).values_list(
            "revoked_reason", "revoked_by", "revoked_at"
        )
    ) == {(Connection.RevokedReason.DISABLED, admin.pk, LATER)}


def test_disabling_is_recorded_once_for_the_user() -> None:
    user, admin = make_user(), make_admin()
    make_connection(user, now=NOON)

    for _ in range(2):
        disable_access([user.pk], actor=admin, now=LATER, address="::1")

    event = Event.objects.get(kind=Event.Kind.ACCESS_DISABLED)
    assert (event.user, event.actor, event.at) == (user, admin, LATER)
    revoked = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert (event.address, revoked.address) == ("::1", "::1")
    access = MCPAccess.objects.get(pk=user.pk)
    assert (access.changed_at, access.changed_by) == (LATER, admin)


def test_enabling_again_revives_nothing() -> None:
    user, admin = make_user(), make_admin()
    _, pair = make_connection(user, now=NOON)
    disable_access([user.pk], actor=admin, now=LATER)

    enable_access([user.pk], actor=admin, now=LATER)

    assert not works(pair)
    assert not Connection.objects.active(at=LATER).exists()


def test_enabling_revives_nothing_that_other_hands_switched_off() -> None:
    user = make_user()
    _, pair = make_connection(user, now=NOON)
    MCPAccess.objects.update(enabled=False)  # as SQL or a shell would

    enable_access([user.pk], actor=make_admin(), now=LATER)

    assert not works(pair)


def test_a_user_connects_anew_after_enabling_again() -> None:
    user, admin = make_user(), make_admin()
    disable_access([user.pk], actor=admin, now=NOON)
    enable_access([user.pk], actor=admin, now=NOON)
    user.refresh_from_db()

    _, pair = make_connection(user, now=NOON)

    assert works(pair)


def test_disabling_who_has_no_row_is_harmless() -> None:
    user = make_user(enabled=False)

    revoked = disable_access([user.pk], actor=make_admin(), now=LATER)

    assert revoked == Revoked(users=0, tokens=0)
    assert not Event.objects.exists()


def test_nobody_is_enabled_or_disabled_by_an_empty_choice() -> None:
    admin = make_admin()

    assert enable_access([], actor=admin, now=NOON) == 0
    assert disable_access([], actor=admin, now=NOON) == Revoked(users=0, tokens=0)


@pytest.mark.parametrize("number", [2, 40])
def test_the_price_does_not_grow_with_the_users(number: int) -> None:
    admin, users = make_admin(), [make_user() for _ in range(number)]
    make_connection(users[0], now=NOON)
    pks = [user.pk for user in users]

    with statements() as disabling:
        disable_access(pks, actor=admin, now=LATER)
    with statements() as enabling:
        enable_access(pks, actor=admin, now=LATER)

    assert len(disabling) == 7
    assert len(enabling) == 4


def test_who_has_no_record_yet_starts_enabled_once_and_by_nobody() -> None:
    user = make_user(enabled=False)

    assert [start_enabled(user.pk, now=NOON) for _ in range(2)] == [True, False]

    access = MCPAccess.objects.get(user=user)
    assert (access.enabled, access.added_at, access.changed_by) == (True, NOON, None)
    event = Event.objects.get()
    assert (event.kind, event.user, event.actor) == ("access_enabled", user, None)


def test_who_was_disabled_is_not_enabled_by_starting() -> None:
    user = make_user(enabled=False)
    MCPAccess.objects.create(user=user, enabled=False)

    assert not start_enabled(user.pk, now=NOON)

    assert not MCPAccess.objects.get(user=user).enabled
    assert not Event.objects.exists()
