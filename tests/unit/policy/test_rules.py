"""Rules: who may connect, and how far a caller reaches."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.models import MCPAccess
from agent_connector.policy.caller import Caller
from agent_connector.policy.rules import (
    ALLOWED,
    Denial,
    Verdict,
    access_of,
    may_connect,
    may_use,
)
from agent_connector.policy.scopes import Scope
from tests.factories import make_connection, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "denial"),
    [
        ({}, None),
        ({"is_superuser": True}, None),
        ({"is_active": False}, Denial.INACTIVE),
        ({"is_active": False, "is_superuser": True}, Denial.INACTIVE),
        ({"is_staff": False}, Denial.NOT_STAFF),
        ({"is_staff": False, "is_superuser": True}, Denial.NOT_STAFF),
        ({"enabled": False}, Denial.DISABLED),
        ({"enabled": False, "is_superuser": True}, Denial.DISABLED),
        ({"enabled": False, "is_active": False}, Denial.INACTIVE),
    ],
)
def test_only_active_enabled_staff_may_connect(
    fields: dict[str, Any], denial: Denial | None
) -> None:
    user = make_user(**fields)

    assert may_connect(user).denial is denial


def test_a_row_that_says_disabled_denies_like_no_row() -> None:
    user = make_user()
    user.mcp_access.enabled = False

    assert may_connect(user) == Verdict(Denial.DISABLED)


def test_a_user_without_a_row_has_no_access() -> None:
    assert access_of(make_user(enabled=False)) is None


@pytest.mark.parametrize("ceiling", ["read", "write", "delete"])
@pytest.mark.parametrize("level", ["read", "write", "delete"])
@pytest.mark.parametrize("needs", Scope)
def test_a_caller_reaches_what_both_level_and_ceiling_include(
    ceiling: str, level: str, needs: Scope
) -> None:
    user = make_user()
    MCPAccess.objects.filter(pk=user.pk).update(ceiling=ceiling)
    connection, _ = make_connection(user, level="delete")
    caller = Caller(connection=connection, level=level)
    order = ["read", "write", "delete"]
    within_ceiling = order.index(needs) <= order.index(ceiling)
    within_level = order.index(needs) <= order.index(level)

    verdict = may_use(caller, "tool", needs=needs)

    if not within_ceiling:
        assert verdict == Verdict(Denial.ABOVE_CEILING)
    elif not within_level:
        assert verdict == Verdict(Denial.SCOPE_MISSING)
    else:
        assert verdict == ALLOWED


def test_a_verdict_is_allowed_exactly_without_a_denial() -> None:
    assert ALLOWED.allowed
    assert not any(Verdict(denial).allowed for denial in Denial)


def test_on_a_read_only_site_nobody_gets_beyond_reading() -> None:
    connection, _ = make_connection(make_user(), level="delete")
    caller = Caller(connection=connection, level="delete", may_change=False)

    assert may_use(caller, "tool", needs=Scope.READ) == ALLOWED
    assert may_use(caller, "tool", needs=Scope.WRITE) == Verdict(Denial.SITE_READ_ONLY)
    assert may_use(caller, "tool", needs=Scope.DELETE) == Verdict(Denial.SITE_READ_ONLY)
