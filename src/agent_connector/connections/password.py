"""A changed password ends the connections that were opened under the old one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import (
    get_hasher,
    identify_hasher,
    is_password_usable,
)
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.revoke import revoke_users
from agent_connector.models import Connection

_NOTE = "_agent_connector_password_changes"


def note_password(
    *, instance: object, raw: bool, update_fields: Any = None, **_: object
) -> None:
    """Note, before a user is saved, whether this changes the password stored so far.

    Receiver of `pre_save` for every model: proxies and subclasses of the user model
    are saved as senders of their own.
    """
    if raw or not isinstance(instance, get_user_model()):
        return
    writes_it = update_fields is None or "password" in update_fields
    changes = writes_it and _changes(instance, update_fields=update_fields)
    setattr(instance, _NOTE, changes)


def revoke_after_change(*, instance: Any, **_: object) -> None:
    """Revoke once the new password is stored; receiver of `post_save`."""
    if vars(instance).pop(_NOTE, False):
        reason = Connection.RevokedReason.PASSWORD  # who changed it, nobody tells us
        revoke_users([instance.pk], reason=reason, actor=None, now=timezone.now())


@sensitive_variables("stored", "new")
def _changes(user: Any, *, update_fields: Any) -> bool:
    if user.pk is None:
        return False
    users: QuerySet[Any] = QuerySet(get_user_model())
    stored = users.filter(pk=user.pk).values_list("password", flat=True).first()
    new = user.password
    if stored is None or stored == new:
        return False
    if not is_password_usable(stored) and not is_password_usable(new):
        return False  # there was none, and there is none
    only_the_hash = update_fields is not None and set(update_fields) == {"password"}
    has_no_text = user._password is None  # noqa: SLF001  # what Django goes by, too
    return not (only_the_hash and has_no_text and _was_outdated(stored))


@sensitive_variables("stored")
def _was_outdated(stored: str) -> bool:
    """Say whether Django hashes a password stored like this anew at its sign-in.

    It then saves the field alone and forgets the text; `set_password` keeps the text
    until it is saved.
    """
    try:
        hasher = identify_hasher(stored)
    except ValueError:
        return False  # unusable, or of a hasher that is gone: nobody signed in with it
    preferred = get_hasher("default")
    return hasher.algorithm != preferred.algorithm or preferred.must_update(stored)
