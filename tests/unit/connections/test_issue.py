"""Exchanging a code: once, in time, for whom it was meant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from agent_connector.connections.issue import (
    TokenPair,
    burn_code,
    find_code,
    issue_pair,
    redeem_code,
)
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.revoke import revoke_connection
from agent_connector.connections.secret import (
    Prefix,
    digest_secret,
    is_well_formed,
    mint_secret,
)
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import (
    AuthorizationCode,
    Client,
    Connection,
    Event,
    MCPAccess,
    Token,
)
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.factories import NOON, make_client, make_code, make_connection, make_user
from tests.statements import one_act, statements

pytestmark = pytest.mark.django_db

SOON = NOON + timedelta(seconds=30)


def exchange(text: str, *, now: datetime = SOON) -> TokenPair | Refusal:
    code = find_code(text)
    assert code is not None
    return redeem_code(code, now=now, address="192.0.2.7")


def problem_of(answer: TokenPair | Refusal) -> Problem:
    assert isinstance(answer, Refusal)
    return answer.problem


def works(pair: TokenPair, *, now: datetime = SOON) -> bool:
    answer = verify_access_token(
        pair.access, resource=resource_url(), now=now, address=None
    )
    return isinstance(answer, Caller)


def test_a_code_is_exchanged_for_a_pair_that_works() -> None:
    text = make_code(make_user(), level="write", now=NOON)

    with one_act():
        pair = exchange(text)

    assert isinstance(pair, TokenPair)
    assert is_well_formed(pair.access, Prefix.ACCESS)
    assert is_well_formed(pair.refresh, Prefix.REFRESH)
    assert (pair.expires_in, pair.scope) == (timedelta(hours=1), "read write")
    assert works(pair)
    assert Connection.objects.active(at=SOON).get().exchanged_at == SOON


@pytest.mark.parametrize(
    ("kind", "events"), [("dynamic", 1), ("document", 1), ("manual", 0)]
)
def test_the_first_use_puts_the_registration_of_a_client_on_record_once(
    kind: str, events: int
) -> None:
    user = make_user()
    client = make_client("Code", kind=kind, created_from="192.0.2.99")

    make_connection(user, client, now=SOON)
    make_connection(make_user(), client, now=SOON)
    make_connection(make_user(), Client.objects.get(), now=SOON)

    registered = Event.objects.filter(kind=Event.Kind.CLIENT_REGISTERED)
    assert list(registered.values_list("at", "address", "user", "detail")) == (
        [(NOON, "192.0.2.99", user.pk, f"Code ({client.client_id})")] * events
    )


def test_tokens_are_stored_as_digests_only() -> None:
    _, pair = make_connection(make_user())

    access = Token.objects.get(kind=Token.Kind.ACCESS)
    refresh = Token.objects.get(kind=Token.Kind.REFRESH)
    assert bytes(access.digest) == digest_secret(pair.access)
    assert bytes(refresh.digest) == digest_secret(pair.refresh)
    assert (access.hint, refresh.hint) == (pair.access[-4:], pair.refresh[-4:])
    for row in Token.objects.values():
        assert pair.access not in str(row)
        assert pair.refresh not in str(row)


def test_a_level_narrows_the_access_token_and_a_parent_is_remembered() -> None:
    connection, _ = make_connection(make_user(), level="write", now=NOON)
    parent = Token.objects.get(kind=Token.Kind.REFRESH)

    pair = issue_pair(
        connection,
        now=SOON,
        access_lifetime=timedelta(hours=1),
        level="read",
        parent=parent,
    )

    access, refresh = Token.objects.filter(parent=parent).order_by("kind")
    assert (access.level, refresh.level, pair.scope) == ("read", "", "read")


def test_showing_a_pair_shows_no_secret() -> None:
    _, pair = make_connection(make_user())

    for shown in (repr(pair), str(pair)):
        assert pair.access not in shown
        assert pair.refresh not in shown


def test_a_second_exchange_ends_the_connection() -> None:
    text = make_code(make_user(), now=NOON)
    pair = exchange(text)
    assert isinstance(pair, TokenPair)

    answer = exchange(text)

    assert problem_of(answer) is Problem.REUSED
    assert not works(pair)
    connection = Connection.objects.get()
    assert connection.revoked_reason == Connection.RevokedReason.CODE_REPLAY
    assert connection.revoked_by is None


def test_a_replay_is_recorded_once_however_often_it_is_tried() -> None:
    text = make_code(make_user(), now=NOON)

    for _ in range(4):
        exchange(text)

    connection = Connection.objects.get()
    revoked = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    replayed = Event.objects.get(kind=Event.Kind.CODE_REPLAYED)
    assert (replayed.connection, replayed.user) == (connection, connection.user)
    assert (replayed.address, revoked.address) == ("192.0.2.7", "192.0.2.7")


def test_a_replay_ends_the_connection_also_inside_a_request_transaction() -> None:
    text = make_code(make_user(), now=NOON)
    with transaction.atomic():
        pair = exchange(text)
    assert isinstance(pair, TokenPair)

    with transaction.atomic():  # as ATOMIC_REQUESTS wraps a view
        exchange(text)

    assert not works(pair)


@pytest.mark.parametrize(("seconds", "in_time"), [(59, True), (60, False), (61, False)])
def test_a_code_lives_a_minute(seconds: int, *, in_time: bool) -> None:
    answer = exchange(
        make_code(make_user(), now=NOON), now=NOON + timedelta(seconds=seconds)
    )

    assert isinstance(answer, TokenPair) is in_time
    if not in_time:
        assert problem_of(answer) is Problem.EXPIRED


def test_a_burnt_code_is_worth_nothing() -> None:
    text = make_code(make_user(), now=NOON)
    code = find_code(text)
    assert code is not None

    burn_code(code, now=SOON)

    assert problem_of(exchange(text)) is Problem.REUSED
    assert not Token.objects.exists()


def test_burning_a_used_code_does_not_move_its_time() -> None:
    text = make_code(make_user(), now=NOON)
    exchange(text, now=SOON)
    code = find_code(text)
    assert code is not None

    burn_code(code, now=SOON + timedelta(seconds=9))

    assert AuthorizationCode.objects.get().used_at == SOON


def test_a_code_that_is_used_or_burnt_leaves_every_other_alone() -> None:
    burnt, used, other = (make_code(make_user(), now=NOON) for _ in range(3))
    code = find_code(burnt)
    assert code is not None

    burn_code(code, now=SOON)
    exchange(used)

    assert AuthorizationCode.objects.filter(used_at=None).count() == 1
    assert Connection.objects.filter(exchanged_at=None).count() == 2
    assert isinstance(exchange(other), TokenPair)


def test_a_code_of_a_connection_revoked_meanwhile_is_refused() -> None:
    text = make_code(make_user(), now=NOON)
    code = find_code(text)
    assert code is not None
    revoke_connection(
        Connection.objects.get(),
        reason=Connection.RevokedReason.ADMIN,
        actor=None,
        now=SOON,
    )

    answer = redeem_code(code, now=SOON, address=None)  # read before the revocation

    assert problem_of(answer) is Problem.REVOKED
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"is_active": False}, Problem.NOT_STAFF),
        ({"is_staff": False}, Problem.NOT_STAFF),
    ],
)
def test_a_code_of_somebody_who_may_no_longer_is_refused(
    changes: dict[str, Any], problem: Problem
) -> None:
    user = make_user()
    text = make_code(user, now=NOON)
    type(user).objects.filter(pk=user.pk).update(**changes)

    assert problem_of(exchange(text)) is problem


def test_a_code_minted_before_access_was_disabled_is_refused() -> None:
    text = make_code(make_user(), now=NOON)
    MCPAccess.objects.update(enabled=False)

    assert problem_of(exchange(text)) is Problem.DISABLED


def test_a_code_of_a_blocked_client_is_refused() -> None:
    text = make_code(make_user(), now=NOON)
    Client.objects.update(trust=Client.Trust.BLOCKED)

    assert problem_of(exchange(text)) is Problem.BLOCKED


def test_a_code_of_a_removed_client_is_refused() -> None:
    text = make_code(make_user(), now=NOON)
    Client.objects.all().delete()

    assert problem_of(exchange(text)) is Problem.UNKNOWN


def test_junk_costs_no_statement_and_other_secrets_are_no_codes() -> None:
    with statements() as seen:
        assert find_code("junk") is None
        assert find_code(mint_secret(Prefix.ACCESS)) is None
        assert find_code(mint_secret(Prefix.REFRESH)) is None

    assert seen == []


def test_an_unknown_code_is_not_found() -> None:
    assert find_code(mint_secret(Prefix.CODE)) is None


def test_an_access_token_does_not_outlive_its_connection(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {
        **settings.AGENT_CONNECTOR,
        "CONNECTION_LIFETIME": timedelta(minutes=10),
    }

    pair = exchange(make_code(make_user(), now=NOON), now=SOON)

    assert isinstance(pair, TokenPair)
    assert pair.expires_in == timedelta(minutes=9, seconds=30)


def test_a_client_is_marked_as_used_first_and_last() -> None:
    client, other, user = make_client(), make_client(), make_user()
    later = NOON + timedelta(days=1)

    make_connection(user, client, now=NOON)
    make_connection(user, client, now=later)

    client.refresh_from_db()
    other.refresh_from_db()
    assert (client.first_used_at, client.last_used_at) == (NOON, later)
    assert (other.first_used_at, other.last_used_at) == (None, None)


def test_an_exchange_that_replaces_nothing_takes_six_statements() -> None:
    text = make_code(make_user(), now=NOON)

    with statements() as seen:
        exchange(text)

    assert len(seen) == 6


@pytest.mark.parametrize("older", [1, 12])
def test_replacing_takes_two_more_however_many_are_replaced(older: int) -> None:
    user, client = make_user(), make_client(kind=Client.Kind.DOCUMENT)
    for _ in range(older):
        make_connection(user, client, now=NOON)
    Client.objects.update(kind=Client.Kind.DYNAMIC)
    text = make_code(user, Client.objects.get(), now=NOON)

    with statements() as seen:
        exchange(text)

    assert len(seen) == 8
    assert Connection.objects.active(at=SOON).count() == 1
