"""What a call changed: the values before and after, as the record keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent_connector.audit.redact import redact, redact_text

MAX_VALUES = 200
MAX_CHARACTERS = 20_000
"""Of JSON, for all values of one call."""

LEFT_OUT = "left_out"
"""Key of the last item, where values did not fit: how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """What became of one record. A record that was created has no values before."""

    model: str
    object_id: str
    before: Mapping[str, Any] = field(default_factory=dict, repr=False)
    after: Mapping[str, Any] = field(default_factory=dict, repr=False)
    log_entries: tuple[int, ...] = ()
    """Keys of the entries of the admin's history that say so."""


def stored_changes(changes: Iterable[RecordChange]) -> list[dict[str, Any]]:
    """Return one item for each value: redacted, and not too many or too long.

    `before` is left out of what was not there, `after` of what is gone.
    """
    kept: list[dict[str, Any]] = []
    room, left_out = MAX_CHARACTERS, 0
    for item in _items(changes):
        size = len(json.dumps(item))
        if size > room or len(kept) == MAX_VALUES:
            left_out += 1
            continue
        kept.append(item)
        room -= size
    return [*kept, {LEFT_OUT: left_out}] if left_out else kept


def _items(changes: Iterable[RecordChange]) -> Iterator[dict[str, Any]]:
    for change in changes:
        record = {
            "model": redact_text(change.model),
            "id": redact_text(change.object_id),
        }
        for name in dict.fromkeys((*change.before, *change.after)):
            sides = {
                side: value
                for side, values in (("before", change.before), ("after", change.after))
                if name in values
                # By its name it is known what is masked.
                for value in redact({name: values[name]}).values()
            }
            yield {**record, "field": redact_text(name), **sides}
