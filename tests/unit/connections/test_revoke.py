"""Revoking: final, by the first who does it, and at one price for any number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from agent_connector.connections.access import disable_access
from agent_connector.connections.issue import TokenPair, find_code, redeem_code
from agent_connector.connections.refusal import Refusal
from agent_connector.connections.revoke import (
    Revoked,
    revoke_client,
    revoke_connection,
    revoke_everybody,
    revoke_users,
)
from agent_connector.connections.rotate import rotate_refresh_token
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Client, Connection, Event, MCPAccess, Token
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.factories import (
    NOON,
    make_admin,
    make_client,
    make_code,
    make_connection,
    make_user,
)
from tests.statements import one_act, statements

pytestmark = pytest.mark.django_db

Reason = Connection.RevokedReason
LATER = NOON + timedelta(minutes=20)


def works(pair: TokenPair) -> bool:
    answer = verify_access_token(
        pair.access, resource=resource_url(), now=LATER, address=None
    )
    return isinstance(answer, Caller)


def test_a_revoked_connection_takes_both_its_tokens_along() -> None:
    connection, pair = make_connection(make_user(), now=NOON)

    ended = revoke_connection(
        connection, reason=Reason.ADMIN, actor=make_admin(), now=LATER
    )

    assert ended
    assert not works(pair)
    answer = rotate_refresh_token(
        pair.refresh, client=Client.objects.get(), level="", now=LATER, address=None
    )
    assert isinstance(answer, Refusal)


def test_who_revoked_first_when_and_why_stands() -> None:
    connection, _ = make_connection(make_user(), now=NOON)
    first, second = make_admin("first"), make_admin("second")
    revoke_connection(connection, reason=Reason.ADMIN, actor=first, now=LATER)

    ended = revoke_connection(
        connection, reason=Reason.USER, actor=second, now=LATER + timedelta(hours=1)
    )

    assert not ended
    connection.refresh_from_db()
    assert connection.revoked_by == first
    assert (connection.revoked_at, connection.revoked_reason) == (LATER, Reason.ADMIN)
    assert Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED).count() == 1


def test_a_mass_revoke_leaves_the_first_word_alone() -> None:
    user = make_user()
    connection, _ = make_connection(user, now=NOON)
    first = make_admin()
    revoke_connection(connection, reason=Reason.ADMIN, actor=first, now=LATER)

    revoked = revoke_users([user.pk], reason=Reason.USER, actor=user, now=LATER)

    connection.refresh_from_db()
    assert revoked == Revoked(users=0, tokens=0)
    assert (connection.revoked_by, connection.revoked_reason) == (first, Reason.ADMIN)


def test_a_revocation_is_on_the_record() -> None:
    user, admin = make_user(), make_admin()
    connection, _ = make_connection(user, make_client("Cursor"), now=NOON)

    with one_act():
        revoke_connection(
            connection, reason=Reason.ADMIN, actor=admin, now=LATER, address="::1"
        )

    event = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert (event.user, event.actor, event.connection) == (user, admin, connection)
    assert (event.at, event.address) == (LATER, "::1")
    assert event.detail == "Cursor: admin"


def test_revoking_all_of_a_user_spares_everybody_else() -> None:
    user = make_user()
    pairs = [make_connection(user, now=NOON)[1] for _ in range(3)]
    _, spared = make_connection(make_user(), now=NOON)

    with one_act():
        revoked = revoke_users([user.pk], reason=Reason.ADMIN, actor=None, now=LATER)

    assert revoked == Revoked(users=1, tokens=3)
    assert not any(map(works, pairs))
    assert works(spared)


def test_mass_revoke_says_who_did_it_and_records_one_event_each() -> None:
    admin, users = make_admin(), [make_user(), make_user()]
    connections = [make_connection(user, now=NOON)[0] for user in users]

    revoke_users(
        [user.pk for user in users],
        reason=Reason.ADMIN,
        actor=admin,
        now=LATER,
        address="2001:db8::7",
    )

    for connection in Connection.objects.all():
        assert (connection.revoked_at, connection.revoked_by) == (LATER, admin)
    events = Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED)
    assert {event.connection for event in events} == set(connections)
    assert {event.user for event in events} == set(users)
    assert {(event.actor, event.at, event.address) for event in events} == {
        (admin, LATER, "2001:db8::7")
    }


def test_the_machine_revokes_without_actor_and_address() -> None:
    user = make_user()
    make_connection(user, now=NOON)

    revoke_users([user.pk], reason=Reason.BLOCKED, actor=None, now=LATER)

    event = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert (event.actor, event.address, event.detail) == (None, None, "blocked")


def test_revoking_nobody_is_harmless() -> None:
    assert revoke_users([], reason=Reason.ADMIN, actor=None, now=LATER) == Revoked(
        users=0, tokens=0
    )


@pytest.mark.parametrize("end", ["expires_at", "absolute_expires_at"])
def test_what_had_expired_stays_expired(end: str) -> None:
    user = make_user()
    expired, _ = make_connection(user, now=NOON)
    Connection.objects.update(**{end: LATER})
    live, _ = make_connection(user, now=NOON)

    revoked = revoke_users([user.pk], reason=Reason.ADMIN, actor=None, now=LATER)

    expired.refresh_from_db()
    live.refresh_from_db()
    assert revoked == Revoked(users=1, tokens=1)
    assert (expired.revoked_at, live.revoked_at) == (None, LATER)
    assert not Connection.objects.active(at=NOON).exists()


@pytest.mark.parametrize("end", ["expires_at", "absolute_expires_at"])
def test_what_a_blocked_client_had_expired_stays_expired(end: str) -> None:
    client = make_client()
    expired, _ = make_connection(make_user(), client, now=NOON)
    Connection.objects.update(**{end: LATER})

    revoked = revoke_client(client, reason=Reason.BLOCKED, actor=None, now=LATER)

    expired.refresh_from_db()
    assert revoked == Revoked(users=0, tokens=0)
    assert expired.revoked_at is None


def test_a_code_on_its_way_is_dead_but_not_counted() -> None:
    user = make_user()
    text = make_code(user, now=LATER)

    revoked = revoke_users([user.pk], reason=Reason.ADMIN, actor=None, now=LATER)

    assert revoked == Revoked(users=0, tokens=0)
    code = find_code(text)
    assert code is not None
    assert isinstance(redeem_code(code, now=LATER, address=None), Refusal)
    assert not Token.objects.exists()


@pytest.mark.parametrize("number", [5, 500])
def test_a_mass_revoke_takes_four_statements_however_many(number: int) -> None:
    users = [make_user() for _ in range(5)]
    template, _ = make_connection(users[0], now=NOON)
    fields = {
        field.attname: getattr(template, field.attname)
        for field in Connection._meta.concrete_fields
        if field.name not in {"id", "public_id", "user"}
    }
    Connection.objects.bulk_create(
        Connection(user=users[place % 5], **fields) for place in range(1, number)
    )

    with statements() as seen:
        revoked = revoke_users(
            [user.pk for user in users], reason=Reason.ADMIN, actor=None, now=LATER
        )

    assert revoked == Revoked(users=5, tokens=number)
    assert len(seen) == 4
    assert not [sql for sql in seen if "agent_connector_token" in sql]
    assert Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED).count() == number


def test_each_mass_revoke_moves_the_epoch() -> None:
    user, other = make_user(), make_user()

    for _ in range(2):
        revoke_users([user.pk], reason=Reason.ADMIN, actor=None, now=LATER)

    assert MCPAccess.objects.get(pk=user.pk).epoch == 2
    assert MCPAccess.objects.get(pk=other.pk).epoch == 0


def test_a_user_connects_anew_after_a_mass_revoke() -> None:
    user = make_user()
    _, old = make_connection(user, now=NOON)
    revoke_users([user.pk], reason=Reason.ADMIN, actor=None, now=LATER)
    user.refresh_from_db()

    _, new = make_connection(user, now=LATER)

    assert works(new)
    assert not works(old)


def test_a_new_sign_in_of_a_registered_client_replaces_the_old_one() -> None:
    user, client = make_user(), make_client()
    old, old_pair = make_connection(user, client, now=NOON)

    _, new_pair = make_connection(user, client, now=NOON)  # in the same instant

    old.refresh_from_db()
    assert old.revoked_reason == Reason.REPLACED
    assert (works(old_pair), works(new_pair)) == (False, True)


def test_a_consent_alone_replaces_nothing() -> None:
    user, client = make_user(), make_client()
    _, pair = make_connection(user, client, now=NOON)

    make_code(user, client, now=LATER)

    assert works(pair)


def test_an_older_consent_that_was_overtaken_is_dead() -> None:
    user, client = make_user(), make_client()
    overtaken = find_code(make_code(user, client, now=NOON))
    _, pair = make_connection(user, client, now=NOON)
    assert overtaken is not None

    answer = redeem_code(overtaken, now=NOON, address=None)

    assert isinstance(answer, Refusal)
    assert works(pair)


@pytest.mark.parametrize("end", ["expires_at", "absolute_expires_at"])
def test_an_expired_sign_in_is_not_said_to_be_replaced(end: str) -> None:
    user, client = make_user(), make_client()
    old, _ = make_connection(user, client, now=NOON)
    Connection.objects.update(**{end: LATER})

    make_connection(user, client, now=LATER)

    old.refresh_from_db()
    assert old.revoked_at is None


@pytest.mark.parametrize("kind", [Client.Kind.DOCUMENT, Client.Kind.MANUAL])
def test_a_client_shared_by_many_installations_keeps_all(kind: str) -> None:
    user, client = make_user(), make_client(kind=kind)

    pairs = [make_connection(user, client, now=NOON)[1] for _ in range(2)]

    assert all(map(works, pairs))


def test_another_users_sign_in_replaces_nothing() -> None:
    client = make_client()
    _, pair = make_connection(make_user(), client, now=NOON)

    make_connection(make_user(), client, now=LATER)

    assert works(pair)


@pytest.mark.parametrize("kind", Client.Kind)
@pytest.mark.parametrize("act", ["one", "all", "disabled"])
def test_who_shares_the_client_of_somebody_revoked_loses_nothing(
    kind: str, act: str
) -> None:
    client, revoked = make_client(kind=kind), make_user()
    connection, own = make_connection(revoked, client, now=NOON)
    _, spared = make_connection(make_user(), client, now=NOON)
    why: dict[str, Any] = {"reason": Reason.USER, "actor": revoked, "now": LATER}

    if act == "one":
        revoke_connection(connection, **why)
    elif act == "all":
        revoke_users([revoked.pk], **why)
    else:
        disable_access([revoked.pk], actor=revoked, now=LATER)

    assert not works(own)
    assert works(spared)
    still = Client.objects.get()
    refreshed = rotate_refresh_token(
        spared.refresh, client=still, level="", now=LATER, address=None
    )
    assert isinstance(refreshed, TokenPair)
    assert (still.pk, still.trust) == (client.pk, Client.Trust.DEFAULT)


def test_replacing_is_announced_and_recorded(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    user, client = make_user(), make_client()
    old, _ = make_connection(user, client, now=NOON)

    with django_capture_on_commit_callbacks() as callbacks:
        make_connection(user, client, now=LATER)

    assert len(callbacks) == 2  # one revoked, one opened
    event = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert (event.connection, event.actor) == (old, None)


def test_everybody_is_cut_in_few_statements_and_on_record() -> None:
    admin, users = make_admin(), [make_user(), make_user()]
    pairs = [make_connection(user, now=NOON)[1] for user in users]
    reason = Reason.RESTORED

    with statements() as seen:
        revoked = revoke_everybody(reason=reason, actor=admin, now=LATER, via="a way")

    assert revoked == Revoked(users=2, tokens=2)
    assert len(seen) == 5
    assert not any(map(works, pairs))
    epochs = MCPAccess.objects.values_list("epoch", flat=True)
    assert set(epochs) == {1}  # also what is being opened now is dead
    events = Event.objects.filter(kind=Event.Kind.CONNECTION_REVOKED)
    assert {(event.user, event.actor, event.detail) for event in events} == {
        (user, admin, "restored; a way") for user in users
    }
