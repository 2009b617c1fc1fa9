"""Mistakes are kept for the system check, one for each place."""

from __future__ import annotations

import pytest

from agent_connector.tools.mistakes import Noted, note_mistake, noted_mistakes
from tests.callers import no_written_tools


def test_the_last_mistake_of_a_place_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    no_written_tools(monkeypatch)

    note_mistake("a.b", message="Wrong.", cure="Right it.")
    note_mistake("c.d", message="Odd.", cure="Even it.")
    note_mistake("a.b", message="Still wrong.", cure="Right it.")

    assert noted_mistakes() == (
        Noted(place="a.b", message="Still wrong.", cure="Right it."),
        Noted(place="c.d", message="Odd.", cure="Even it."),
    )
