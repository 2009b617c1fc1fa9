"""What roles leave of tools and models: what every role with a policy allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist
from django.db import router
from django.db.models import Exists, Model, OuterRef

from agent_connector.models import RolePolicy
from agent_connector.policy.pace import least
from agent_connector.policy.scopes import Scope

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Model)

_MARK = "has_role_policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLimits:
    """What a user's roles leave to the user's agents; None: everything."""

    tools: frozenset[str] | None = None
    models: frozenset[str] | None = None
    read_only: bool = False
    rows_per_call: int | None = None
    calls_per_minute: int | None = None

    def allow_tool(self, name: str) -> bool:
        return self.tools is None or name in self.tools

    def allow_use(self, name: str, *, needs: Scope) -> bool:
        """Say whether a tool of this name, which needs this scope, may be used."""
        return self.allow_tool(name) and (needs == Scope.READ or not self.read_only)

    def allow_model(self, label: str) -> bool:
        return self.models is None or label in self.models


NO_LIMITS = RoleLimits()


def limits_of(user: User) -> RoleLimits:
    """Return what the roles of this user leave, at the cost of one statement."""
    return narrowest(policies_of(user))


def policies_of(user: User) -> QuerySet[RolePolicy]:
    """Return the policies of the roles of this user."""
    rows = RolePolicy.objects.using(router.db_for_write(RolePolicy))
    groups = _groups_field()
    if groups is None:
        return rows.none()
    own = _links(groups).filter(**{groups.m2m_field_name(): user.pk})
    return rows.filter(group__in=own.values(groups.m2m_reverse_field_name()))


def narrowest(policies: Iterable[RolePolicy]) -> RoleLimits:
    """Return what all of the policies allow: an empty list in one allows everything."""
    known = list(policies)
    return RoleLimits(
        tools=_shared(one.allowed_tools for one in known),
        models=_shared(one.allowed_models for one in known),
        read_only=any(one.read_only for one in known),
        rows_per_call=least(*(one.rows_per_call for one in known)),
        calls_per_minute=least(*(one.calls_per_minute for one in known)),
    )


def with_role_mark(rows: QuerySet[Row], user: str) -> QuerySet[Row]:
    """Read with `rows` whether a role of the user at the path `user` has a policy.

    So those whom no role narrows, which are most, cost no statement more.
    """
    groups = _groups_field()
    if groups is None:
        return rows
    narrowing = _links(groups).filter(
        **{
            groups.m2m_field_name(): OuterRef(f"{user}_id"),
            f"{groups.m2m_reverse_field_name()}__mcp_policy__isnull": False,
        }
    )
    marked: QuerySet[Row] = rows.annotate(**{_MARK: Exists(narrowing)})
    return marked


def limits_on(row: Any, user: User) -> RoleLimits:
    """Return what the roles of `user` leave.

    A row that was not read by `with_role_mark` tells nothing, and they are looked up.
    """
    return limits_of(user) if getattr(row, _MARK, True) else NO_LIMITS


def _shared(lists: Iterable[Any]) -> frozenset[str] | None:
    """Return what all of the lists hold that hold anything."""
    filled = [_names_in(names) for names in lists if names != []]
    return frozenset.intersection(*filled) if filled else None


def _names_in(stored: Any) -> frozenset[str]:
    """Return the names of a list; what somebody broke by hand allows nothing."""
    if not isinstance(stored, list):
        return frozenset()
    return frozenset(name for name in stored if isinstance(name, str))


def _links(groups: Any) -> QuerySet[Any]:
    """Return the rows that tie users to their groups."""
    links: QuerySet[Any] = groups.remote_field.through.objects.all()
    return links


def _groups_field() -> Any:
    """Return the field that gives users their groups; another user model may lack it."""
    try:
        field = get_user_model()._meta.get_field("groups")
    except FieldDoesNotExist:
        return None
    return field if field.related_model is Group else None
