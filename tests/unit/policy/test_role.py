"""A role only narrows, and each of a user's roles counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from agent_connector.connections.verify import verify_access_token
from agent_connector.models import ConnectorSettings, RolePolicy
from agent_connector.policy.caller import Caller
from agent_connector.policy.role import NO_LIMITS, RoleLimits, limits_of, narrowest
from agent_connector.policy.site import resource_url
from tests.factories import make_admin, make_connection, make_user
from tests.statements import statements

pytestmark = pytest.mark.django_db


def put_into(user: User, name: str, **policy: Any) -> Group:
    """Put the user into a new role, which has a policy if one is given."""
    group = Group.objects.create(name=name)
    user.groups.add(group)
    if policy:
        RolePolicy.objects.create(group=group, **policy)
    return group


def caller_of(token: str) -> Caller:
    caller = verify_access_token(
        token, resource=resource_url(), now=timezone.now(), address=None
    )
    assert isinstance(caller, Caller)
    return caller


def test_without_roles_or_policies_nothing_is_limited() -> None:
    user = make_user()
    put_into(user, "Plain")

    assert limits_of(user) == NO_LIMITS


def test_of_several_policies_what_all_allow_is_left() -> None:
    user = make_user()
    put_into(user, "One", allowed_tools=["a", "b"], allowed_models=["shop.order"])
    put_into(user, "Two", allowed_tools=["b", "c"])
    put_into(user, "Three", read_only=True)
    put_into(user, "Plain")
    put_into(make_user(), "Foreign", allowed_tools=["nothing"])

    assert limits_of(user) == RoleLimits(
        tools=frozenset({"b"}), models=frozenset({"shop.order"}), read_only=True
    )


def test_policies_that_share_nothing_leave_nothing() -> None:
    policies = [RolePolicy(allowed_tools=["a"]), RolePolicy(allowed_tools=["b"])]

    limits = narrowest(policies)

    assert not limits.allow_tool("a")
    assert not limits.allow_tool("b")
    assert limits.allow_model("shop.order")


@pytest.mark.parametrize("is_narrowed", [False, True])
def test_a_policy_costs_one_statement_and_its_absence_none(
    *, is_narrowed: bool
) -> None:
    user = make_admin()
    put_into(user, "Readers", **({"read_only": True} if is_narrowed else {}))
    token = make_connection(user, level="delete")[1].access
    caller_of(token)  # the first use is written down

    with statements() as seen:
        caller = caller_of(token)

    assert len(seen) == 1 + is_narrowed
    assert caller.limits.read_only is is_narrowed
    assert caller.level == ("read" if is_narrowed else "delete")


def test_a_policy_counts_at_the_next_request_and_so_does_its_end() -> None:
    user = make_user()
    token = make_connection(user)[1].access
    group = put_into(user, "Readers", allowed_tools=["whoami"])
    narrowed = caller_of(token).limits

    group.delete()

    assert narrowed == RoleLimits(tools=frozenset({"whoami"}))
    assert caller_of(token).limits == NO_LIMITS


def test_of_several_numbers_the_least_counts_and_none_is_no_number() -> None:
    user = make_user()
    put_into(user, "One", rows_per_call=9, calls_per_minute=None)
    put_into(user, "Two", rows_per_call=5, calls_per_minute=30)
    put_into(user, "Three", rows_per_call=None, calls_per_minute=40)

    assert limits_of(user) == RoleLimits(rows_per_call=5, calls_per_minute=30)


@pytest.mark.parametrize(
    ("site", "role", "in_force"),
    [(300, None, 300), (300, 20, 20), (20, 300, 20), (0, 20, 20), (0, None, None)],
)
def test_calls_are_limited_by_the_stricter_of_site_and_role(
    site: int, role: int | None, in_force: int | None
) -> None:
    user = make_admin()
    put_into(user, "One", calls_per_minute=role)
    ConnectorSettings.objects.create(calls_per_minute=site)
    _, pair = make_connection(user)

    assert caller_of(pair.access).most_calls == in_force


@pytest.mark.parametrize(
    ("site", "role", "in_force"), [(100, 5, 5), (100, 400, 100), (4, 5, 4), (100, 0, 1)]
)
def test_rows_are_limited_by_the_stricter_of_site_and_role(
    settings: Any, site: int, role: int, in_force: int
) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "MAX_ROWS_PER_CALL": site}
    user = make_admin()
    put_into(user, "One", rows_per_call=role)
    _, pair = make_connection(user)

    assert caller_of(pair.access).most_rows == in_force


@pytest.mark.parametrize("stored", [None, {}, 0, False, 5, [["a"]], "whoami"])
def test_what_somebody_broke_by_hand_allows_nothing(stored: Any) -> None:
    broken = RolePolicy(allowed_tools=stored, allowed_models=stored)

    limits = narrowest([broken])

    assert not limits.allow_tool("whoami")
    assert not limits.allow_model("shop.order")
