"""Read what an entry of the admin's history says, without what is not to be shown."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.utils.translation import override

from agent_connector.policy.exposure import is_sensitive_field
from agent_connector.tools.modeladmin.find import is_open_model
from agent_connector.tools.modeladmin.values import text

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.tools.modeladmin.request import AdminRequest

MAX_CHARACTERS = 600
_HIDDEN = "…"


def message_of(
    entry: LogEntry,
    *,
    shown_inlines: frozenset[str],
    hidden_words: frozenset[str] = frozenset(),
) -> str:
    """Return what the History page says; rows of other inlines without their label.

    A message names fields by their labels: `hidden_words` are those of hidden ones.
    """
    copy = LogEntry(
        change_message=_cleaned(entry.change_message, shown_inlines),
        action_flag=entry.action_flag,
    )
    try:
        told = copy.get_change_message()
    except (AttributeError, KeyError, LookupError, TypeError):
        told = entry.change_message  # a text that only looks like Django's JSON
    told = _without_words(told, hidden_words)
    return text(told or str(copy.get_action_flag_display()), limit=MAX_CHARACTERS)


def shown_inline_names(
    model_admin: ModelAdmin, request: AdminRequest, record: Model | None
) -> frozenset[str]:
    """Return the names, as messages hold them, of inlines that the user may view."""
    inlines = [
        inline
        for inline in model_admin.get_inline_instances(request, record)
        if is_open_model(inline.model)
        and inline.has_view_or_change_permission(request, record)
    ]
    with override(None):  # messages are stored untranslated
        return frozenset(str(one.model._meta.verbose_name) for one in inlines)


def _without_words(told: str, hidden: frozenset[str]) -> str:
    for word in sorted(hidden, key=len, reverse=True):
        told = re.sub(
            rf"(?<!\w){re.escape(word)}(?!\w)", _HIDDEN, told, flags=re.IGNORECASE
        )
    return told


def _cleaned(message: str, shown_inlines: frozenset[str]) -> str:
    if not message.startswith("["):
        return message
    try:
        parts = json.loads(message)
    except json.JSONDecodeError:
        return message
    for part in parts:
        for what in part.values() if isinstance(part, dict) else ():
            if isinstance(what, dict):
                _clean(what, shown_inlines)
    return json.dumps(parts)


def _clean(what: dict[str, Any], shown_inlines: frozenset[str]) -> None:
    if "object" in what and what.get("name") not in shown_inlines:
        what["object"] = _HIDDEN
    if isinstance(what.get("fields"), list):
        what["fields"] = [
            name for name in what["fields"] if not is_sensitive_field(str(name))
        ]
