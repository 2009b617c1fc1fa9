"""Work on the rows of a record's page as the admin's own script lets a person."""

from __future__ import annotations

import copy
import re
from typing import Any

from tests.fidelity.hand import type_values
from tests.fidelity.page import Controls

BLANK = "__prefix__"
"""Stands for the number in the row that the script copies."""


def rows_on(controls: Controls, prefix: str) -> dict[str, int]:
    """Return the numbers of the stored rows by their key."""
    initial = controls.get(f"{prefix}-INITIAL_FORMS")
    stored = int(initial.sent[0]) if initial else 0
    pattern = re.compile(rf"{re.escape(prefix)}-(\d+)-(?:id|pk)\Z")
    found = {}
    for name, control in controls.items():
        match = pattern.fullmatch(name)
        if match and int(match[1]) < stored and control.sent:
            found[control.sent[0]] = int(match[1])
    return found


def add_row(controls: Controls, prefix: str, *, taken: list[int]) -> int | None:
    """Return the number of an empty row, made if need be; None where no more fit."""
    total = controls[f"{prefix}-TOTAL_FORMS"]
    count = int(total.sent[0])
    stored = int(controls[f"{prefix}-INITIAL_FORMS"].sent[0])
    for number in range(stored, count):
        if number not in taken:
            return number
    copied = {
        name: control
        for name, control in controls.items()
        if name.startswith(f"{prefix}-{BLANK}-")
    }
    most = controls[f"{prefix}-MAX_NUM_FORMS"].sent[0]
    if not copied or (most and count >= int(most)):
        return None
    for name, control in copied.items():
        controls[name.replace(BLANK, str(count))] = copy.deepcopy(control)
    total.sent = [str(count + 1)]
    return count


def type_cells(
    controls: Controls, prefix: str, cells: dict[int, dict[str, Any]]
) -> str:
    """Fill rows in; return what stands in the way, if anything does."""
    for number, row in cells.items():
        values = {f"{prefix}-{number}-{name}": value for name, value in row.items()}
        obstacle = type_values(controls, values)
        if obstacle:
            return obstacle
    return ""


def tick_deleted(controls: Controls, prefix: str, numbers: list[int]) -> str:
    """Tick Delete of each row; return what stands in the way, if anything does."""
    for number in numbers:
        box = controls.get(f"{prefix}-{number}-DELETE")
        if box is None:
            return "rows cannot be deleted"
        box.sent = ["on"]
    return ""
