"""Confirm a destructive act: a signed text that only a preview of that act gives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.core import signing
from django.db import router
from django.db.models import Max

from agent_connector.models import ToolCall
from agent_connector.tools.definition import ToolFailed

if TYPE_CHECKING:
    from agent_connector.policy.caller import Caller

LIFETIME = timedelta(minutes=10)
_PREFIX = "acy_"
"""By which the record knows the text, wherever an agent puts it, and masks it."""
_SALT = "agent_connector.tools.confirmation"

Confirm = Annotated[
    str, msgspec.Meta(max_length=300, description="From preview_change.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is confirmed: one way of acting on records as they are now."""

    what: str
    arguments: Mapping[str, Any]
    """The arguments that say what is done, each in its one spelling."""

    version: str
    """Changes whenever what the act would touch does."""

    renewed_by: str = "Call preview_change again and pass its new `confirm`."
    """What an agent does whose text does not fit."""

    used_by: tuple[str, str] | None = None
    """Tool and model whose next call that is done uses the text up.

    Needed where the act may leave its records, and so their version, as they were.
    """


def confirmation_of(caller: Caller, act: Act) -> str:
    """Return the text that confirms `act` for this connection, for ten minutes."""
    made_after = _calls().aggregate(last=Max("pk"))["last"] or 0
    return _PREFIX + signing.dumps([_digest(caller, act), made_after], salt=_SALT)


def require_confirmed(caller: Caller, act: Act, confirm: str) -> None:
    """Raise unless `confirm` was made for exactly this act. Call it under lock.

    Raises:
        ToolFailed: it is wrong, too old, used, for other arguments or another
            connection, or the records were changed since: the same words for all.
    """
    if not confirm.startswith(_PREFIX):  # the record would not know it to mask it
        raise _not_confirmed(act)
    try:
        digest, made_after = signing.loads(
            confirm.removeprefix(_PREFIX), salt=_SALT, max_age=LIFETIME
        )
    except signing.BadSignature as error:
        raise _not_confirmed(act) from error
    if digest != _digest(caller, act) or _is_used(caller, act, made_after):
        raise _not_confirmed(act)


def _digest(caller: Caller, act: Act) -> str:
    parts = {
        "user": str(caller.user.pk),
        "connection": str(caller.connection.public_id),
        "what": act.what,
        "arguments": act.arguments,
        "version": act.version,
    }
    encoded = json.dumps(parts, sort_keys=True).encode()
    return hashlib.sha256(encoded).hexdigest()[:32]


def _is_used(caller: Caller, act: Act, made_after: int) -> bool:
    if act.used_by is None:
        return False
    tool, model = act.used_by
    later = _calls().filter(pk__gt=made_after, connection=caller.connection)
    done = later.filter(tool=tool, model=model, outcome=ToolCall.Outcome.DONE)
    return bool(done.exists())


def _calls() -> Any:
    return ToolCall.objects.using(router.db_for_write(ToolCall))


def _not_confirmed(act: Act) -> ToolFailed:
    return ToolFailed(
        "`confirm` does not fit: it is wrong, used or older than 10 minutes, or was"
        " given for other arguments, or the records were changed since. Nothing was"
        " changed.",
        code="not_confirmed",
        following=act.renewed_by,
        reason="not_confirmed",
    )
