"""Asking again before a write is committed: what was revoked meanwhile is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.connections.access import disable_access
from agent_connector.connections.recheck import recheck_connection
from agent_connector.connections.refusal import Problem, Refusal
from agent_connector.connections.revoke import revoke_connection
from agent_connector.models import Connection
from tests.factories import NOON, make_admin, make_connection, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db


def problem_now(stale: Connection) -> Problem | None:
    answer = recheck_connection(stale, now=NOON + timedelta(minutes=1))
    return answer.problem if isinstance(answer, Refusal) else None


def test_a_connection_that_still_counts_is_returned_fresh() -> None:
    stale, _ = make_connection(make_user(), now=NOON)
    Connection.objects.update(last_used_at=NOON)

    with statements() as seen:
        fresh = recheck_connection(stale, now=NOON)
        assert isinstance(fresh, Connection)
        assert fresh.user.mcp_access.enabled

    assert fresh.last_used_at == NOON
    assert len(seen) == 1


def test_a_revocation_since_is_seen() -> None:
    stale, _ = make_connection(make_user(), now=NOON)
    revoke_connection(
        Connection.objects.get(),
        reason=Connection.RevokedReason.ADMIN,
        actor=None,
        now=NOON,
    )

    assert stale.revoked_at is None
    assert problem_now(stale) is Problem.REVOKED


def test_access_that_was_disabled_since_is_seen() -> None:
    user = make_user()
    stale, _ = make_connection(user, now=NOON)
    disable_access([user.pk], actor=make_admin(), now=NOON)

    assert problem_now(stale) is Problem.REVOKED


def test_a_user_who_left_since_is_seen() -> None:
    user = make_user()
    stale, _ = make_connection(user, now=NOON)
    type(user).objects.filter(pk=user.pk).update(is_staff=False)

    assert problem_now(stale) is Problem.NOT_STAFF


def test_a_connection_that_is_gone_is_refused() -> None:
    make_connection(make_user(), now=NOON)
    stale, _ = make_connection(make_user(), now=NOON)
    Connection.objects.filter(pk=stale.pk).delete()

    assert problem_now(stale) is Problem.REVOKED
