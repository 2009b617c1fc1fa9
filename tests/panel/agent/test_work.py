"""The few words that the agent says about an answer."""

from __future__ import annotations

from typing import Any

import pytest

from panel.agent.work import summary_of


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"total": 2, "rows": []}, "“kettle”: 2 found"),
        ({"label": "Moka Pot"}, "Moka Pot"),
        ({"user": {"username": "editor"}}, "editor"),
        ({}, "done"),
    ],
    ids=str,
)
def test_an_answer_is_told_in_a_few_words(answer: dict[str, Any], words: str) -> None:
    assert summary_of(answer, {"query": "kettle"}) == words
