"""Whether a user holds the Django permissions that a tool itself asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_connector.policy.rules import ALLOWED, Denial, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User


def may_run(
    user: User, *, permissions: Iterable[str], superusers_only: bool = False
) -> Verdict:
    """Decide whether this user may run a tool at all, through whatever connection.

    Permissions are Django's, `app_label.codename`, and every backend of the site is
    asked for them. The tools of the admin ask for none: their ModelAdmins do.
    """
    is_superuser = getattr(user, "is_superuser", False)
    held = all(user.has_perm(permission) for permission in permissions)
    if held and (is_superuser or not superusers_only):
        return ALLOWED
    return Verdict(Denial.PERMISSION_MISSING)
