"""Enable MCP access of users who become staff, where the site wants that.

Becoming staff counts, not being created: Django's own page adds a user first and makes
them staff on a second one. Who has a record of MCP access keeps it as it is. Superusers
always start disabled: only a superuser enables one, and whoever may change the settings
need not be one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from agent_connector.connections.access import start_enabled
from agent_connector.policy.settings import read_settings
from agent_connector.policy.staff import is_staff

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_NOTE = "_agent_connector_becomes_staff"


def note_staff(
    *, instance: object, raw: bool, update_fields: Any = None, **_: object
) -> None:
    """Note, before a user is saved, whether this makes them staff.

    Receiver of `pre_save` for every model, as `note_password` is.
    """
    if raw or not isinstance(instance, get_user_model()):
        return
    writes_it = update_fields is None or "is_staff" in update_fields
    becomes = writes_it and getattr(instance, "is_staff", False)
    setattr(instance, _NOTE, becomes and not _was_staff(instance))


def enable_new_staff(*, instance: Any, **_: object) -> None:
    """Enable once the user is stored; receiver of `post_save`."""
    if vars(instance).pop(_NOTE, False) and _starts_enabled(instance):
        start_enabled(instance.pk, now=timezone.now())


def _starts_enabled(user: User) -> bool:
    if not is_staff(user) or getattr(user, "is_superuser", False):
        return False
    return read_settings().new_staff_enabled


def _was_staff(user: Any) -> bool:
    if user.pk is None:
        return False
    users: QuerySet[Any] = QuerySet(get_user_model())
    return users.filter(pk=user.pk, is_staff=True).exists()
