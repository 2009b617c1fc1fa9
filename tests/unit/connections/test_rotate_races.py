"""Many at once: one refresh token, one code, one revocation, real threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from agent_connector.audit.record import Attempt, record_call
from agent_connector.connections.access import disable_access
from agent_connector.connections.issue import TokenPair, find_code, redeem_code
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.revoke import revoke_connection, revoke_users
from agent_connector.connections.rotate import rotate_refresh_token
from agent_connector.connections.verify import verify_access_token
from agent_connector.models import Client, Connection, Event, Token, ToolCall
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
from tests.parallel import database_of_threads, in_parallel

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 16
QUICK = pytest.param(8, id="quick")
LONG = pytest.param(200, id="long", marks=pytest.mark.reliability)
LONGER = pytest.param(500, id="long", marks=pytest.mark.reliability)
rounds = pytest.mark.parametrize("rounds", [QUICK, LONG])
more_rounds = pytest.mark.parametrize("rounds", [QUICK, LONGER])
LATER = NOON + timedelta(minutes=1)
"""After the grace."""

Reason = Connection.RevokedReason
Answer = TokenPair | Refusal


@pytest.fixture(autouse=True)
def _shared_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    request.getfixturevalue("transactional_db")
    with database_of_threads(tmp_path):
        yield


def refresh(pair: TokenPair, client: Client, *, now: datetime = NOON) -> Answer:
    return rotate_refresh_token(
        pair.refresh, client=client, level="", now=now, address=None
    )


def redeem(text: str) -> Answer:
    code = find_code(text)
    assert code is not None
    return redeem_code(code, now=NOON, address=None)


def winners(answers: Sequence[Answer | None]) -> list[TokenPair]:
    return [answer for answer in answers if isinstance(answer, TokenPair)]


def problems_of(answers: Sequence[Answer]) -> set[Problem]:
    return {answer.problem for answer in answers if isinstance(answer, Refusal)}


def alarms_of(client: Client) -> int:
    alarms = Event.objects.filter(kind=Event.Kind.REFRESH_REUSED)
    return alarms.filter(connection__client=client).count()


def works(pair: TokenPair, *, now: datetime = NOON) -> bool:
    called = verify_access_token(
        pair.access, resource=resource_url(), now=now, address=None
    )
    return isinstance(called, Caller)


def is_dead(pair: TokenPair, client: Client) -> bool:
    return not works(pair) and isinstance(refresh(pair, client), Refusal)


@rounds
def test_many_refreshes_of_one_token_bring_one_and_the_same_pair(rounds: int) -> None:
    user = make_user()
    for _ in range(rounds):
        client = make_client()
        connection, pair = make_connection(user, client, now=NOON)

        answers = in_parallel(*[partial(refresh, pair, client)] * MANY)

        given = {(one.access, one.refresh) for one in winners(answers)}
        assert (len(winners(answers)), len(given)) == (MANY, 1)
        assert Token.objects.filter(connection=connection).count() == 4
        assert works(winners(answers)[0])
        assert alarms_of(client) == 0


@rounds
def test_without_grace_one_of_many_refreshes_wins_and_the_connection_ends(
    rounds: int, settings: Any
) -> None:
    strict = {**settings.AGENT_CONNECTOR, "REFRESH_GRACE": timedelta(0)}
    settings.AGENT_CONNECTOR = strict
    user = make_user()
    for _ in range(rounds):
        client = make_client()
        connection, pair = make_connection(user, client, now=NOON)

        answers = in_parallel(*[partial(refresh, pair, client)] * MANY)

        won = winners(answers)
        assert len(won) == 1
        assert problems_of(answers) <= {Problem.REUSED, Problem.REVOKED}
        assert is_dead(won[0], client)
        assert Token.objects.filter(connection=connection).count() == 4
        assert alarms_of(client) == 1


@rounds
def test_many_who_lost_the_answer_are_given_one_and_the_same_pair(rounds: int) -> None:
    user = make_user()
    for _ in range(rounds):
        client = make_client()
        _, pair = make_connection(user, client, now=NOON)
        [unseen] = winners([refresh(pair, client)])

        answers = in_parallel(*[partial(refresh, pair, client, now=LATER)] * MANY)

        given = {(one.access, one.refresh) for one in winners(answers)}
        assert (len(winners(answers)), len(given)) == (MANY, 1)
        assert works(winners(answers)[0], now=LATER)
        assert not works(unseen, now=LATER)
        assert alarms_of(client) == 0


@rounds
def test_of_many_who_reuse_a_token_one_raises_the_alarm(rounds: int) -> None:
    user = make_user()
    for _ in range(rounds):
        client = make_client()
        _, first = make_connection(user, client, now=NOON)
        [second] = winners([refresh(first, client)])
        [third] = winners([refresh(second, client)])

        answers = in_parallel(*[partial(refresh, first, client)] * MANY)

        assert problems_of(answers) <= {Problem.REUSED, Problem.REVOKED}
        assert not winners(answers)
        assert is_dead(third, client)
        assert alarms_of(client) == 1


@rounds
def test_the_unseen_pair_turning_up_beside_its_replacement_is_reuse(
    rounds: int,
) -> None:
    user = make_user()
    for _ in range(rounds):
        client = make_client()
        _, first = make_connection(user, client, now=NOON)
        [unseen] = winners([refresh(first, client)])

        answers = in_parallel(
            *[partial(refresh, first, client, now=LATER)] * 4,
            *[partial(refresh, unseen, client, now=LATER)] * 4,
        )

        assert all(is_dead(one, client) for one in winners(answers))
        assert alarms_of(client) == 1


@rounds
def test_many_exchanges_of_one_code_make_one_pair_at_most(rounds: int) -> None:
    user = make_user()
    for _ in range(rounds):
        client = make_client()
        text = make_code(user, client, now=NOON)

        answers = in_parallel(*[partial(redeem, text)] * MANY)

        won = winners(answers)
        assert len(won) <= 1
        assert all(is_dead(pair, client) for pair in won)
        assert Token.objects.filter(connection__client=client).count() <= 2


def _revoke_one(user: User, client: Client) -> None:
    connection = Connection.objects.get(client=client)
    revoke_connection(connection, reason=Reason.ADMIN, actor=user, now=NOON)


def _revoke_all(user: User, client: Client) -> None:
    del client
    revoke_users([user.pk], reason=Reason.ADMIN, actor=user, now=NOON)


def _disable(user: User, client: Client) -> None:
    del client
    disable_access([user.pk], actor=user, now=NOON)


@more_rounds
@pytest.mark.parametrize("revoke", [_revoke_one, _revoke_all, _disable])
def test_a_refresh_beside_a_revocation_leaves_no_live_token(
    rounds: int, revoke: Callable[[User, Client], None]
) -> None:
    for _ in range(rounds):
        user, client = make_user(), make_client()
        _, pair = make_connection(user, client, now=NOON)

        *answers, _ = in_parallel(
            *[partial(refresh, pair, client)] * 2, partial(revoke, user, client)
        )

        assert is_dead(pair, client)
        assert all(is_dead(one, client) for one in winners(answers))


@rounds
def test_an_exchange_beside_a_revocation_leaves_no_live_token(rounds: int) -> None:
    for _ in range(rounds):
        user, client = make_user(), make_client()
        make_connection(user, client, now=NOON)
        text = make_code(user, client, now=NOON)

        exchanged, _ = in_parallel(
            partial(redeem, text), partial(_disable, user, client)
        )

        assert not Connection.objects.filter(user=user).active(at=NOON).exists()
        if isinstance(exchanged, TokenPair):
            assert is_dead(exchanged, client)


@rounds
def test_sign_ins_of_one_client_and_a_revocation_never_wait_in_a_circle(
    rounds: int,
) -> None:
    for _ in range(rounds):
        user, client = make_user(), make_client()
        texts = [make_code(user, client, now=NOON) for _ in range(6)]

        in_parallel(
            *[partial(redeem, text) for text in texts],
            *[partial(_revoke_all, user, client)] * 2,
        )

        assert not Connection.objects.filter(user=user).active(at=NOON).exists()


@rounds
def test_of_sign_ins_at_once_one_connection_stays(rounds: int) -> None:
    user = make_user()
    for _ in range(rounds):
        client = make_client()
        texts = [make_code(user, client, now=NOON) for _ in range(6)]

        in_parallel(*[partial(redeem, text) for text in texts])

        assert Connection.objects.filter(client=client).active(at=NOON).count() == 1


@rounds
def test_calls_and_revocations_never_wait_in_a_circle(rounds: int) -> None:
    user, admin = make_user(), make_admin()
    client = make_client(kind=Client.Kind.MANUAL)
    callers = [
        Caller(connection=make_connection(user, client, now=NOON)[0], level="read")
        for _ in range(6)
    ]

    def call(caller: Caller) -> None:
        for _ in range(rounds):
            with transaction.atomic():  # as every call runs, its change included
                record_call(
                    caller,
                    Attempt(tool="whoami"),
                    outcome=ToolCall.Outcome.DONE,
                    now=NOON,
                    duration=NOON - NOON,
                )

    never_revoked = {"revoked_at": None, "revoked_by": None, "revoked_reason": ""}

    def revoke() -> None:
        for _ in range(rounds):
            Connection.objects.update(**never_revoked)
            revoke_users([user.pk], reason=Reason.ADMIN, actor=admin, now=NOON)

    in_parallel(*[partial(call, caller) for caller in callers], revoke)

    assert ToolCall.objects.count() == rounds * len(callers)
