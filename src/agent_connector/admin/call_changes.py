"""What a tool call changed, record by record, for its page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agent_connector.admin.cells import empty_cell
from agent_connector.admin.record_links import RecordLinks
from agent_connector.audit.changes import LEFT_OUT
from agent_connector.models import ToolCall

MAX_RECORDS = 100
"""That a page shows; a call can have changed a thousand."""

ADDED, CHANGED, DELETED = _("Added"), _("Changed"), _("Deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedField:
    label: str
    before: SafeString
    after: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRecordShown:
    """One record, and, for those who may see them, its values before and after."""

    name: str
    url: str
    history_url: str
    what: str | Promise
    fields: list[ChangedField]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    records: list[ChangedRecordShown]
    more_records: int
    values_left_out: int


def changes_of(call: ToolCall, links: RecordLinks, *, with_values: bool) -> Changes:
    """Return the records that the call changed; values only if asked for."""
    keys = call.changed_records.order_by("pk").values_list("model", "object_id")
    distinct = list(dict.fromkeys(keys))
    items = call.changes if with_values else []
    return Changes(
        records=[
            _shown(*key, items=items, links=links) for key in distinct[:MAX_RECORDS]
        ],
        more_records=max(len(distinct) - MAX_RECORDS, 0),
        values_left_out=sum(one.get(LEFT_OUT, 0) for one in items),
    )


def _shown(
    model: str, object_id: str, *, items: list[dict[str, Any]], links: RecordLinks
) -> ChangedRecordShown:
    own = [
        one for one in items if (one.get("model"), one.get("id")) == (model, object_id)
    ]
    what = _what(own)
    pages = [
        "" if what is DELETED else links.url_to(model, object_id, page=page)
        for page in ("change", "history")
    ]
    return ChangedRecordShown(
        name=f"{model} #{object_id}",
        url=pages[0],
        history_url=pages[1],
        what=what,
        fields=[
            ChangedField(
                label=_label_of(model, one["field"]),
                before=value_cell(one.get("before")),
                after=value_cell(one.get("after")),
            )
            for one in own
        ],
    )


def _what(items: list[dict[str, Any]]) -> str | Promise:
    """Say what became of a record, where its values tell."""
    if not items:
        return ""
    if not any("before" in one for one in items):
        return ADDED
    return CHANGED if any("after" in one for one in items) else DELETED


def _label_of(model: str, name: str) -> str:
    """Return what people call a field; its name, if that is all there is."""
    try:
        found: Any = apps.get_model(model)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return name
    return capfirst(str(getattr(found, "verbose_name", name)))


def value_cell(value: Any) -> SafeString:
    """Return a stored value as people read it."""
    return empty_cell() if value in (None, "", []) else format_html("{}", _words(value))


def _words(value: Any) -> str | Promise:
    """Return the words of a value: of a choice or a relation the label."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case {"label": label}:
            return str(label)
        case list():
            return ", ".join(str(_words(one)) for one in value)
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
