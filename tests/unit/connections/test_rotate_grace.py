"""The grace: who repeats a refresh is given the same pair, and nobody anything more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from agent_connector.connections.issue import TokenPair, find_code, redeem_code
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.revoke import revoke_connection, revoke_users
from agent_connector.models import (
    Client,
    Connection,
    ConnectorSettings,
    Event,
    MCPAccess,
    Token,
)
from agent_connector.policy.caller import Caller
from tests.factories import NOON, make_client, make_code, make_connection, make_user
from tests.unit.connections.test_rotate import (
    LATER,
    call,
    first_pair,
    pair_of,
    problem_of,
    refresh,
)

pytestmark = pytest.mark.django_db

GRACE = timedelta(seconds=30)
AFTER = LATER + GRACE + timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


def alarms() -> int:
    return Event.objects.filter(kind=Event.Kind.REFRESH_REUSED).count()


def salted() -> int:
    return Token.objects.filter(successor_salt__isnull=False).count()


def texts_of(pair: TokenPair) -> tuple[str, str]:
    return pair.access, pair.refresh


@pytest.mark.parametrize("wait", [timedelta(0), SECOND, GRACE, -SECOND])
def test_within_the_grace_the_same_pair_is_answered_again(wait: timedelta) -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))

    again = [pair_of(refresh(first.refresh, now=LATER + wait)) for _ in range(3)]

    assert {texts_of(pair) for pair in again} == {texts_of(second)}
    assert Token.objects.filter(parent__isnull=False).count() == 2
    assert isinstance(call(again[0]), Caller)
    assert alarms() == 0


def test_a_repeated_pair_says_how_long_it_still_works() -> None:
    first = first_pair()
    refresh(first.refresh)

    again = pair_of(refresh(first.refresh, now=LATER + 20 * SECOND))

    assert again.expires_in == timedelta(hours=1) - 20 * SECOND


def test_a_sibling_repeats_the_refresh_after_the_access_token_was_used() -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))
    call(second)

    again = pair_of(refresh(first.refresh, now=LATER + SECOND))

    assert texts_of(again) == texts_of(second)


@pytest.mark.spec("RFC 6749", "5.1")
@pytest.mark.parametrize(("asked_first", "asked_then"), [("read", ""), ("", "read")])
def test_a_repeated_pair_keeps_the_level_it_has_and_says_so(
    asked_first: str, asked_then: str
) -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh, level=asked_first))

    again = pair_of(refresh(first.refresh, level=asked_then))

    assert texts_of(again) == texts_of(second)
    assert again.scope == second.scope


def test_a_wider_level_is_refused_within_the_grace_too() -> None:
    first = first_pair("read")
    second = pair_of(refresh(first.refresh))

    assert problem_of(refresh(first.refresh, level="write")) is Problem.TOO_WIDE
    assert texts_of(pair_of(refresh(first.refresh))) == texts_of(second)


def test_repeating_moves_the_idle_end_no_further() -> None:
    first = first_pair()
    refresh(first.refresh)

    refresh(first.refresh, now=LATER + SECOND)

    assert Connection.objects.get().expires_at == LATER + timedelta(days=30)


def test_the_pair_is_repeated_while_the_key_is_being_changed(settings: Any) -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key"

    assert texts_of(pair_of(refresh(first.refresh))) == texts_of(second)


@pytest.mark.parametrize("way", ["one", "all", "replay"])
def test_a_revocation_wins_over_the_grace(way: str) -> None:
    user, client = make_user(), make_client()
    text = make_code(user, client, now=NOON)
    code = find_code(text)
    assert code is not None
    first = redeem_code(code, now=NOON, address=None)
    assert isinstance(first, TokenPair)
    second = pair_of(refresh(first.refresh))
    reason = Connection.RevokedReason.ADMIN
    if way == "one":
        connection = Connection.objects.get()
        revoke_connection(connection, reason=reason, actor=None, now=LATER)
    elif way == "all":
        revoke_users([user.pk], reason=reason, actor=None, now=LATER)
    else:
        redeem_code(code, now=LATER, address=None)

    answers = [refresh(first.refresh, now=LATER + SECOND) for _ in range(3)]

    assert {problem_of(answer) for answer in answers} == {Problem.REVOKED}
    assert isinstance(call(second), Refusal)
    assert alarms() == 0


@pytest.mark.parametrize(
    ("model", "changes", "problem"),
    [
        (Client, {"trust": Client.Trust.BLOCKED}, Problem.BLOCKED),
        (MCPAccess, {"enabled": False}, Problem.DISABLED),
        (Connection, {"absolute_expires_at": LATER}, Problem.EXPIRED),
        (Connection, {"expires_at": LATER}, Problem.EXPIRED),
    ],
)
@pytest.mark.parametrize("now", [LATER + SECOND, AFTER])
def test_a_lost_right_wins_over_grace_and_lost_answer(
    model: Any, changes: dict[str, Any], problem: Problem, now: datetime
) -> None:
    first = first_pair()
    refresh(first.refresh)
    model.objects.update(**changes)

    assert problem_of(refresh(first.refresh, now=now)) is problem
    assert alarms() == 0


@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_staff": False}])
def test_who_left_is_refused_within_the_grace(changes: dict[str, Any]) -> None:
    user = make_user()
    first = make_connection(user, now=NOON)[1]
    refresh(first.refresh)
    type(user).objects.filter(pk=user.pk).update(**changes)

    assert problem_of(refresh(first.refresh)) is Problem.NOT_STAFF


def test_a_successor_whose_parent_was_purged_is_exchanged_like_any_other() -> None:
    second = pair_of(refresh(first_pair().refresh))
    Token.objects.filter(used_at__isnull=False).delete()

    third = pair_of(refresh(second.refresh))

    assert texts_of(pair_of(refresh(second.refresh))) == texts_of(third)


def test_a_clock_set_back_by_an_hour_does_not_open_the_grace_again() -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))
    call(second)

    answer = refresh(first.refresh, now=LATER - timedelta(hours=1))

    assert problem_of(answer) is Problem.REUSED


@pytest.mark.parametrize("how", ["code", "page"])
@pytest.mark.parametrize("now", [LATER, AFTER])
def test_without_grace_a_second_time_is_reuse_at_once(
    settings: Any, how: str, now: datetime
) -> None:
    if how == "code":
        strict = {**settings.AGENT_CONNECTOR, "REFRESH_GRACE": timedelta(0)}
        settings.AGENT_CONNECTOR = strict
    else:
        ConnectorSettings.objects.create(refresh_grace=timedelta(0))
    first = first_pair()
    second = pair_of(refresh(first.refresh))

    assert salted() == 0
    assert problem_of(refresh(first.refresh, now=now)) is Problem.REUSED
    assert isinstance(call(second), Refusal)


def test_a_grace_that_was_switched_off_ends_those_that_run() -> None:
    first = first_pair()
    refresh(first.refresh)
    ConnectorSettings.objects.create(refresh_grace=timedelta(0))

    assert problem_of(refresh(first.refresh)) is Problem.REUSED


def test_the_salt_is_kept_for_the_grace_and_erased_when_the_successor_is_used() -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))
    kept = Token.objects.get(used_at__isnull=False)
    assert len(bytes(kept.successor_salt or b"")) == 32

    refresh(second.refresh)

    kept.refresh_from_db()
    assert kept.successor_salt is None
    assert salted() == 1


def test_anybodys_refresh_erases_the_salts_whose_grace_is_over() -> None:
    for _ in range(3):
        client = make_client()
        pair = make_connection(make_user(), client, now=NOON)[1]
        refresh(pair.refresh, client=client)
    last = make_client()
    other = make_connection(make_user(), last, now=NOON)[1]
    assert salted() == 3

    refresh(other.refresh, client=last, now=LATER + GRACE)
    within = salted()
    refresh(other.refresh, client=last, now=AFTER + GRACE)  # the lost answer of `last`
    newest = make_client()
    pair = make_connection(make_user(), newest, now=NOON)[1]
    refresh(pair.refresh, client=newest, now=AFTER + GRACE)

    assert (within, salted()) == (4, 2)


def test_every_exchange_has_bytes_of_its_own() -> None:
    first = first_pair()
    refresh(first.refresh)
    salt = Token.objects.get(used_at__isnull=False).successor_salt

    refresh(first.refresh, now=AFTER)

    again = Token.objects.get(first_used_at__isnull=False).successor_salt
    assert bytes(again or b"") != bytes(salt or b"")


def test_a_used_pair_is_not_repeated_though_its_bytes_are_still_there() -> None:
    first = first_pair()
    second = pair_of(refresh(first.refresh))
    salt = Token.objects.get(used_at__isnull=False).successor_salt
    refresh(second.refresh)
    Token.objects.filter(parent=None, kind=Token.Kind.REFRESH).update(
        successor_salt=salt
    )

    assert problem_of(refresh(first.refresh)) is Problem.REUSED
