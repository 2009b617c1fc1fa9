"""Rules: each answers a verdict that carries its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from agent_connector.policy.scopes import Scope, includes
from agent_connector.policy.staff import is_staff

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from agent_connector.models import MCPAccess
    from agent_connector.policy.caller import Caller


class Denial(StrEnum):
    """Why a rule said no."""

    INACTIVE = auto()
    NOT_STAFF = auto()
    DISABLED = auto()
    SCOPE_MISSING = auto()
    ABOVE_CEILING = auto()
    SITE_READ_ONLY = auto()
    ROLE_FORBIDS = auto()
    PERMISSION_MISSING = auto()
    SUPERUSERS_ONLY = auto()
    NOT_ALLOWED = auto()
    SWITCHED_OFF = auto()
    ADDRESS = auto()
    RULES_UNREADABLE = auto()
    TOO_MANY = auto()
    TOO_LONG = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed, or denied for one reason: the first that applies, strongest first."""

    denial: Denial | None = None

    @property
    def allowed(self) -> bool:
        return self.denial is None


ALLOWED = Verdict()


def access_of(user: User) -> MCPAccess | None:
    """Return the user's MCP access row; None means Disabled."""
    return getattr(user, "mcp_access", None)


def may_connect(user: User) -> Verdict:
    """Decide whether this user's AI clients may connect and act at all."""
    if not user.is_active:
        return Verdict(Denial.INACTIVE)
    if not is_staff(user):
        return Verdict(Denial.NOT_STAFF)
    access = access_of(user)
    if access is None or not access.enabled:
        return Verdict(Denial.DISABLED)
    return ALLOWED


def may_use(caller: Caller, tool: str, *, needs: Scope) -> Verdict:
    """Decide whether roles and level let the caller use a tool that needs `needs`.

    Django's own permissions are a separate, later question, which the ModelAdmin
    answers.
    """
    changes = needs != Scope.READ
    if not caller.limits.allow_use(tool, needs=needs):
        return Verdict(Denial.ROLE_FORBIDS)
    if changes and not caller.may_change:
        return Verdict(Denial.SITE_READ_ONLY)
    access = access_of(caller.user)
    if access is not None and not includes(access.ceiling, needs):
        return Verdict(Denial.ABOVE_CEILING)
    if not includes(caller.level, needs):
        return Verdict(Denial.SCOPE_MISSING)
    return ALLOWED
