"""Rotating: each refresh token is exchanged once, and reuse ends the connection."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection as db_connection
from django.db import transaction

from agent_connector.connections.issue import TokenPair
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.revoke import revoke_connection
from agent_connector.connections.rotate import find_refresh_token, rotate_refresh_token
from agent_connector.connections.secret import Prefix, mint_secret
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Client, Connection, Event, MCPAccess, Token
from agent_connector.policy.caller import Caller
from agent_connector.policy.site import resource_url
from tests.factories import NOON, make_client, make_connection, make_user
from tests.statements import one_act, statements

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=2)


def refresh(
    text: str,
    *,
    client: Client | None = None,
    level: str = "",
    now: datetime = LATER,
) -> TokenPair | Refusal:
    return rotate_refresh_token(
        text,
        client=client or Client.objects.get(),
        level=level,
        now=now,
        address="192.0.2.8",
    )


def pair_of(answer: TokenPair | Refusal) -> TokenPair:
    assert isinstance(answer, TokenPair), answer
    return answer


def problem_of(answer: TokenPair | Refusal) -> Problem:
    assert isinstance(answer, Refusal)
    return answer.problem


def call(pair: TokenPair, *, now: datetime = LATER) -> Caller | Refusal:
    return verify_access_token(
        pair.access, resource=resource_url(), now=now, address=None
    )


def first_pair(level: str = "write") -> TokenPair:
    return make_connection(make_user(), level=level, now=NOON)[1]


def test_a_refresh_answers_with_a_fresh_pair_of_the_same_connection() -> None:
    first = first_pair()

    with one_act():
        second = pair_of(refresh(first.refresh))

    assert {second.access, second.refresh}.isdisjoint({first.access, first.refresh})
    assert isinstance(call(second), Caller)
    assert Connection.objects.active(at=LATER).count() == 1
    assert set(
        Token.objects.filter(issued_at=LATER).values_list("parent__used_at")
    ) == {(LATER,)}


def test_after_five_refreshes_it_is_still_one_connection() -> None:
    pair = first_pair()

    for hours in range(1, 6):
        pair = pair_of(refresh(pair.refresh, now=NOON + timedelta(hours=hours)))

    assert Connection.objects.active(at=LATER).count() == 1


@pytest.mark.spec("RFC 9700", "4.14.2")
@pytest.mark.parametrize("generations", [2, 3])
def test_a_token_whose_successor_was_used_ends_the_whole_connection(
    generations: int,
) -> None:
    first = latest = first_pair()
    for _ in range(generations):
        latest = pair_of(refresh(latest.refresh))

    with one_act():
        answer = refresh(first.refresh)

    assert problem_of(answer) is Problem.REUSED
    assert isinstance(call(latest), Refusal)
    assert problem_of(refresh(latest.refresh)) is Problem.REVOKED
    connection = Connection.objects.get()
    assert connection.revoked_reason == Connection.RevokedReason.REUSE
    assert connection.revoked_by is None


def test_the_end_by_reuse_is_kept_also_inside_a_request_transaction() -> None:
    first = first_pair()
    third = pair_of(refresh(pair_of(refresh(first.refresh)).refresh))

    with transaction.atomic():  # as ATOMIC_REQUESTS wraps a view
        refresh(first.refresh)

    assert isinstance(call(third), Refusal)


def test_reuse_is_recorded_once_however_often_it_is_tried() -> None:
    first = first_pair()
    refresh(pair_of(refresh(first.refresh)).refresh)

    for _ in range(4):
        refresh(first.refresh)

    connection = Connection.objects.get()
    event = Event.objects.get(kind=Event.Kind.REFRESH_REUSED)
    assert (event.at, event.address) == (LATER, "192.0.2.8")
    assert (event.connection, event.user) == (connection, connection.user)
    revoked = Event.objects.get(kind=Event.Kind.CONNECTION_REVOKED)
    assert (revoked.at, revoked.address) == (LATER, "192.0.2.8")


def test_another_clients_token_is_unknown_and_stays_usable() -> None:
    pair = first_pair()
    owner = Client.objects.get()

    answer = refresh(pair.refresh, client=make_client("Thief"))

    assert problem_of(answer) is Problem.UNKNOWN
    assert isinstance(refresh(pair.refresh, client=owner), TokenPair)


def test_another_clients_used_token_ends_nothing() -> None:
    first = first_pair()
    owner = Client.objects.get()
    second = pair_of(refresh(first.refresh))

    answer = refresh(first.refresh, client=make_client("Thief"))

    assert problem_of(answer) is Problem.UNKNOWN
    assert isinstance(call(second), Caller)
    assert isinstance(refresh(second.refresh, client=owner), TokenPair)


@pytest.mark.parametrize(
    "text", ["", "junk", "acr_" + "0" * 46, "acr_" + "0" * 100_000]
)
def test_junk_costs_no_statement(text: str) -> None:
    client = make_client()

    with statements() as seen:
        answer = refresh(text, client=client)

    assert problem_of(answer) is Problem.UNKNOWN
    assert seen == []


def test_secrets_of_other_kinds_do_not_refresh() -> None:
    pair = first_pair()

    assert problem_of(refresh(pair.access)) is Problem.UNKNOWN
    assert problem_of(refresh(mint_secret(Prefix.CODE))) is Problem.UNKNOWN
    assert problem_of(refresh(mint_secret(Prefix.REFRESH))) is Problem.UNKNOWN


def test_a_row_of_an_access_token_does_not_refresh_whatever_its_text() -> None:
    pair = first_pair()
    Token.objects.update(kind=Token.Kind.ACCESS)

    assert find_refresh_token(pair.refresh, client=Client.objects.get()) is None


@pytest.mark.parametrize(("level", "asked"), [("read", "write"), ("write", "delete")])
def test_a_wider_level_is_refused_and_the_token_stays_usable(
    level: str, asked: str
) -> None:
    pair = first_pair(level)

    answer = refresh(pair.refresh, level=asked)

    assert problem_of(answer) is Problem.TOO_WIDE
    assert isinstance(refresh(pair.refresh), TokenPair)


@pytest.mark.spec("RFC 6749", "6")
def test_a_narrower_level_narrows_the_access_token_only() -> None:
    pair = first_pair("delete")

    narrow = pair_of(refresh(pair.refresh, level="read"))
    wide = pair_of(refresh(narrow.refresh))

    assert (narrow.scope, wide.scope) == ("read", "read write delete")
    caller = call(narrow)
    assert isinstance(caller, Caller)
    assert caller.level == "read"


def test_a_refresh_moves_the_idle_end() -> None:
    held, pair = make_connection(make_user(), now=NOON)
    other, _ = make_connection(make_user(), now=NOON)

    refresh(pair.refresh, client=held.client, now=LATER)

    held.refresh_from_db()
    other.refresh_from_db()
    assert held.expires_at == LATER + timedelta(days=30)
    assert other.expires_at == NOON + timedelta(days=30)


def test_the_idle_end_never_passes_the_absolute_one() -> None:
    pair = first_pair()
    absolute = LATER + timedelta(minutes=10)
    Connection.objects.update(absolute_expires_at=absolute)

    second = pair_of(refresh(pair.refresh))

    assert Connection.objects.get().expires_at == absolute
    assert second.expires_in == timedelta(minutes=10)


@pytest.mark.parametrize("end", ["expires_at", "absolute_expires_at"])
def test_an_expired_connection_is_not_refreshed(end: str) -> None:
    pair = first_pair()
    Connection.objects.update(**{end: LATER})

    assert problem_of(refresh(pair.refresh)) is Problem.EXPIRED


def test_an_expired_refresh_token_is_refused() -> None:
    pair = first_pair()
    Token.objects.filter(kind=Token.Kind.REFRESH).update(expires_at=LATER)

    assert problem_of(refresh(pair.refresh)) is Problem.EXPIRED


@pytest.mark.parametrize(
    ("model", "changes", "problem"),
    [
        (Client, {"trust": Client.Trust.BLOCKED}, Problem.BLOCKED),
        (MCPAccess, {"enabled": False}, Problem.DISABLED),
        (MCPAccess, {"epoch": 1}, Problem.REVOKED),
    ],
)
def test_a_refresh_is_refused_like_a_call(
    model: Any, changes: dict[str, Any], problem: Problem
) -> None:
    pair = first_pair()
    model.objects.update(**changes)

    assert problem_of(refresh(pair.refresh)) is problem


@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_staff": False}])
def test_a_refresh_by_somebody_who_left_is_refused(changes: dict[str, Any]) -> None:
    user = make_user()
    _, pair = make_connection(user, now=NOON)
    type(user).objects.filter(pk=user.pk).update(**changes)

    assert problem_of(refresh(pair.refresh)) is Problem.NOT_STAFF


def test_a_revoked_connection_is_refreshed_never() -> None:
    connection, pair = make_connection(make_user(), now=NOON)
    revoke_connection(
        connection, reason=Connection.RevokedReason.ADMIN, actor=None, now=LATER
    )

    assert problem_of(refresh(pair.refresh)) is Problem.REVOKED
    assert not Event.objects.filter(kind=Event.Kind.REFRESH_REUSED).exists()


def test_a_revocation_between_reading_and_writing_wins() -> None:
    held, pair = make_connection(make_user(), now=NOON)
    client = Client.objects.get()
    waiting = [held]

    def revoke_first(execute: Any, sql: str, *rest: Any) -> Any:
        if waiting and sql.startswith("UPDATE"):
            revoke_connection(
                waiting.pop(),
                reason=Connection.RevokedReason.ADMIN,
                actor=None,
                now=LATER,
            )
        return execute(sql, *rest)

    with db_connection.execute_wrapper(revoke_first):  # holds the gap open
        answer = refresh(pair.refresh, client=client)

    assert problem_of(answer) is Problem.REVOKED
    assert not Token.objects.filter(issued_at=LATER).exists()


def test_a_refresh_takes_five_statements() -> None:
    pair = pair_of(refresh(first_pair().refresh))
    client = Client.objects.get()

    with statements() as seen:
        refresh(pair.refresh, client=client)

    assert len(seen) == 5


def test_no_answer_to_a_used_token_takes_more_than_six_statements() -> None:
    first = first_pair()
    client = Client.objects.get()
    pair_of(refresh(first.refresh))
    after_the_grace = LATER + timedelta(minutes=1)

    with statements() as repeating:
        refresh(first.refresh, client=client)
    with statements() as replacing:
        found = refresh(first.refresh, client=client, now=after_the_grace)
    refresh(pair_of(found).refresh, now=after_the_grace)
    with statements() as ending:
        reused = refresh(first.refresh, client=client, now=after_the_grace)

    assert problem_of(reused) is Problem.REUSED
    assert [len(seen) for seen in (repeating, replacing, ending)] == [2, 6, 6]
