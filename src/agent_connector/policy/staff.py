"""Who counts as staff: the people who may sign in to the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agent_connector.models.connection import Connection
from agent_connector.models.mcp_user import MCPUser

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet


def is_staff(user: User | AnonymousUser) -> bool:
    """Say whether this user may sign in to the admin now."""
    return bool(user.is_active and getattr(user, "is_staff", False))


def listed_users() -> QuerySet[MCPUser]:
    """All staff, inactive ones too, and whoever has connections on record."""
    connected = Connection.objects.listed().filter(user=OuterRef("pk"))
    return MCPUser.objects.filter(Q(is_staff=True) | Q(Exists(connected)))


def name_of(user: User) -> str:
    """Return the user's full name, or the sign-in name where that is blank."""
    full_name = getattr(user, "get_full_name", str)()
    return full_name.strip() or user.get_username()
