"""Each attack that was thought of has its number, and each number its test."""

from __future__ import annotations

import re
from pathlib import Path

NUMBERS = range(1, 106)
VOID = {
    70: "a second use within the grace gives the same pair, so no pairs to limit",
    85: "there are no MCP session ids",
    86: "there are no streams that could outlive a revocation",
}

_TEST = re.compile(r"^def test_(\d\d+)_\w+\(", re.MULTILINE)


def _tested() -> set[int]:
    files = Path(__file__).parent.glob("test_*.py")
    texts = [file.read_text(encoding="utf-8") for file in files]
    return {int(number) for text in texts for number in _TEST.findall(text)}


def test_every_number_has_a_test_or_the_reason_why_not() -> None:
    missing = set(NUMBERS) - _tested() - VOID.keys()

    assert missing == set()


def test_no_number_is_excused_or_unknown_that_has_a_test() -> None:
    assert _tested() & VOID.keys() == set()
    assert _tested() <= set(NUMBERS)
