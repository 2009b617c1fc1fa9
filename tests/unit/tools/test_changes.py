"""What a call changes is collected for its record, and for no other."""

from __future__ import annotations

import pytest

from agent_connector.audit.changes import RecordChange
from agent_connector.tools.changes import note_change, noted_changes

CHANGE = RecordChange(model="a.b", object_id="1")


def test_changes_are_noted_while_a_call_is_under_way() -> None:
    with noted_changes() as first:
        note_change(CHANGE)
    with noted_changes() as second:
        pass

    assert (first, second) == ([CHANGE], [])


def test_outside_of_a_call_there_is_nothing_to_note_them_for() -> None:
    with pytest.raises(LookupError):
        note_change(CHANGE)
