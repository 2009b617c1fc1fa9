"""Administration: a table of principals and what each may do to whom."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User

from agent_connector.policy.administration import (
    may_change_access,
    may_change_clients,
    may_change_settings,
    may_resume,
    may_revoke,
    may_trace,
    may_view_arguments,
    may_view_calls,
    may_view_user,
    may_view_users,
)
from agent_connector.policy.rules import Denial, Verdict
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db

VIEW = "agent_connector.view_mcpuser"
CHANGE = "agent_connector.change_mcpaccess"
REVOKE = "agent_connector.revoke_connection"
CALLS = "agent_connector.view_toolcall"
ARGUMENTS = "agent_connector.view_toolcall_arguments"
CLIENTS = "agent_connector.change_client"
SETTINGS = "agent_connector.change_connectorsettings"

MISSING = Denial.PERMISSION_MISSING
EVERYTHING: dict[str, Any] = {"permissions": (VIEW, CHANGE, REVOKE)}
PRINCIPALS: dict[str, dict[str, Any]] = {
    "superuser": {"is_superuser": True},
    "inactive superuser": {"is_superuser": True, "is_active": False},
    "superuser who is not staff": {"is_superuser": True, "is_staff": False},
    "staff": {},
    "staff who may view": {"permissions": (VIEW,)},
    "staff who may change": {"permissions": (CHANGE,)},
    "staff who may revoke": {"permissions": (REVOKE,)},
    "inactive, with all rights": {**EVERYTHING, "is_active": False},
    "not staff, with all rights": {**EVERYTHING, "is_staff": False},
}
TABLE = {
    # who: may view, change, revoke in general
    "superuser": (None, None, None),
    "inactive superuser": (MISSING, MISSING, MISSING),
    "superuser who is not staff": (MISSING, MISSING, MISSING),
    "staff": (MISSING, MISSING, MISSING),
    "staff who may view": (None, MISSING, MISSING),
    "staff who may change": (MISSING, None, MISSING),
    "staff who may revoke": (MISSING, MISSING, None),
    "inactive, with all rights": (MISSING, MISSING, MISSING),
    "not staff, with all rights": (MISSING, MISSING, MISSING),
}


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_each_principal_may_what_the_table_says(principal: str) -> None:
    viewer = make_user(**PRINCIPALS[principal])
    other = make_user()
    view, change, revoke = TABLE[principal]

    assert may_view_users(viewer).denial is view
    assert may_view_user(viewer, other).denial is view
    assert may_change_access(viewer).denial is change
    assert may_change_access(viewer, other).denial is change
    assert may_revoke(viewer).denial is revoke
    assert may_revoke(viewer, other).denial is revoke


def test_nobody_in_particular_may_nothing() -> None:
    anonymous, other = AnonymousUser(), make_user()

    assert not may_view_users(anonymous).allowed
    assert not may_view_user(anonymous, other).allowed
    assert not may_change_access(anonymous, other).allowed
    assert not may_revoke(anonymous, other).allowed


def test_a_user_without_a_key_is_not_taken_for_an_anonymous_viewer() -> None:
    assert not may_revoke(AnonymousUser(), User()).allowed
    assert not may_view_user(AnonymousUser(), User()).allowed


def test_staff_see_and_revoke_what_is_their_own() -> None:
    viewer = make_user()

    assert may_view_user(viewer, viewer).allowed
    assert may_revoke(viewer, viewer).allowed


def test_staff_cannot_enable_themselves() -> None:
    viewer = make_user()

    assert may_change_access(viewer, viewer).denial is MISSING


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_may_not_sign_in_may_not_even_touch_the_own(fields: dict[str, Any]) -> None:
    viewer = make_user(**fields)

    assert not may_view_user(viewer, viewer).allowed
    assert not may_revoke(viewer, viewer).allowed


def test_only_superusers_change_the_access_of_superusers() -> None:
    root, delegate = make_admin(), make_user(permissions=(CHANGE,))

    assert may_change_access(delegate, root).denial is Denial.SUPERUSERS_ONLY
    assert may_change_access(root, root).allowed
    assert may_change_access(root, delegate).allowed


def test_a_user_model_without_superusers_has_nobody_above() -> None:
    plain: Any = SimpleNamespace(is_active=True, is_staff=True, has_perm=CHANGE.__eq__)

    assert may_change_access(plain, plain).allowed
    assert may_change_access(plain, make_admin()).denial is Denial.SUPERUSERS_ONLY


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        (may_view_calls, {CALLS}),
        (may_view_arguments, {CALLS, ARGUMENTS}),
        (may_change_clients, {CLIENTS}),
        (may_change_settings, {SETTINGS}),
        (may_trace, {VIEW, REVOKE}),
    ],
)
def test_each_of_its_permissions_is_needed_and_no_other(
    rule: Callable[[Any], Verdict], needed: set[str]
) -> None:
    every = {VIEW, CHANGE, REVOKE, CALLS, ARGUMENTS, CLIENTS, SETTINGS}

    assert rule(make_user(permissions=tuple(needed))).allowed
    for one in needed:
        viewer = make_user(permissions=tuple(every - {one}))
        assert rule(viewer).denial is MISSING


def test_who_may_resume_is_the_user_or_who_could_enable_the_user() -> None:
    user, boss = make_user(), make_admin("boss")
    enabler = make_user(permissions=(CHANGE,))
    revoker = make_user(permissions=(REVOKE,))

    assert may_resume(user, user).allowed
    assert may_resume(enabler, user).allowed
    assert may_resume(boss, boss).allowed
    assert not may_resume(revoker, user).allowed
    assert may_resume(enabler, boss).denial is Denial.SUPERUSERS_ONLY
    user.is_active = False
    assert not may_resume(user, user).allowed
