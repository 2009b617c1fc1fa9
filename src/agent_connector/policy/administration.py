"""Which administrator may do what to whose connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_connector.policy.rules import ALLOWED, Denial, Verdict
from agent_connector.policy.staff import is_staff

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

VIEW_USERS = "agent_connector.view_mcpuser"
CHANGE_ACCESS = "agent_connector.change_mcpaccess"
REVOKE = "agent_connector.revoke_connection"
VIEW_CALLS = "agent_connector.view_toolcall"
VIEW_ARGUMENTS = "agent_connector.view_toolcall_arguments"
CHANGE_CLIENT = "agent_connector.change_client"
CHANGE_SETTINGS = "agent_connector.change_connectorsettings"


def _holds(viewer: User | AnonymousUser, permission: str) -> bool:
    return is_staff(viewer) and viewer.has_perm(permission)


def _if_holds(viewer: User | AnonymousUser, permission: str) -> Verdict:
    if _holds(viewer, permission):
        return ALLOWED
    return Verdict(Denial.PERMISSION_MISSING)


def may_view_users(viewer: User | AnonymousUser) -> Verdict:
    """Decide who sees the grid and other people's MCP Info."""
    return _if_holds(viewer, VIEW_USERS)


def may_view_calls(viewer: User | AnonymousUser) -> Verdict:
    """Decide who sees what agents did, without the arguments."""
    return _if_holds(viewer, VIEW_CALLS)


def may_view_arguments(viewer: User | AnonymousUser) -> Verdict:
    """Decide who sees what agents' calls said, redacted."""
    if not _holds(viewer, VIEW_CALLS):
        return Verdict(Denial.PERMISSION_MISSING)
    return _if_holds(viewer, VIEW_ARGUMENTS)


def may_change_clients(viewer: User | AnonymousUser) -> Verdict:
    """Decide who sees, blocks and unblocks clients."""
    return _if_holds(viewer, CHANGE_CLIENT)


def may_change_settings(viewer: User | AnonymousUser) -> Verdict:
    """Decide who sees and changes the settings of the site."""
    return _if_holds(viewer, CHANGE_SETTINGS)


def may_change_roles(viewer: User | AnonymousUser) -> Verdict:
    """Decide who sees and changes what roles leave to agents: a setting of the site."""
    return may_change_settings(viewer)


def may_change_access(
    viewer: User | AnonymousUser, user: User | None = None
) -> Verdict:
    """Decide who enables and disables; `user` None asks in general.

    Only superusers may change the access of superusers: enabling one would lend
    out rights above one's own.
    """
    if not _holds(viewer, CHANGE_ACCESS):
        return Verdict(Denial.PERMISSION_MISSING)
    above = getattr(user, "is_superuser", False)
    if above and not getattr(viewer, "is_superuser", False):
        return Verdict(Denial.SUPERUSERS_ONLY)
    return ALLOWED


def may_revoke(viewer: User | AnonymousUser, user: User | None = None) -> Verdict:
    """Decide who revokes; everybody may revoke what is their own."""
    if user is not None and is_staff(viewer) and viewer.pk == user.pk:
        return ALLOWED
    if _holds(viewer, REVOKE):
        return ALLOWED
    return Verdict(Denial.PERMISSION_MISSING)


def may_resume(viewer: User | AnonymousUser, user: User) -> Verdict:
    """Decide who lets a suspended connection go on: its user, or who could enable it."""
    if is_staff(viewer) and viewer.pk == user.pk:
        return ALLOWED
    return may_change_access(viewer, user)


def may_trace(viewer: User | AnonymousUser) -> Verdict:
    """Decide who asks whose token a text is, to revoke it."""
    return may_revoke(viewer) if _holds(viewer, VIEW_USERS) else may_view_users(viewer)


def may_view_user(viewer: User | AnonymousUser, user: User) -> Verdict:
    """Decide who sees the connections of one user: that user, and administrators."""
    if is_staff(viewer) and viewer.pk == user.pk:
        return ALLOWED
    return may_view_users(viewer)
