"""Rows as a plain table for people: aligned, and no wider than the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence

GAP = "  "
CUT = "…"
LEAST_WIDTH = 8
"""A column is not cut below this: so narrow a terminal wraps the lines instead."""


def table_text(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    width: int | None,
    whole: Collection[int] = (),
) -> str:
    """Return header and rows, one line each; `width` None cuts nothing.

    Columns at the places `whole` are never cut: half of them would say nothing.
    """
    lines = [[plain(cell) for cell in line] for line in (header, *rows)]
    widths = [max(map(columns_of, column)) for column in zip(*lines, strict=True)]
    if width is not None:
        _narrow(widths, to=width, whole=whole)
    return "\n".join(_line(line, widths) for line in lines)


def plain(text: str) -> str:
    """Return `text` without what would move a terminal's cursor or hide a part of it.

    Names of clients and of unknown tools are whatever somebody sent.
    """
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def columns_of(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"F", "W"} else 1


def _narrow(widths: list[int], *, to: int, whole: Collection[int]) -> None:
    """Take from the widest column, again and again, until the line fits."""
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - to
    for _ in range(excess):
        open_ones = [place for place in range(len(widths)) if place not in whole]
        widest = max(open_ones, key=widths.__getitem__, default=None)
        if widest is None or widths[widest] <= LEAST_WIDTH:
            return
        widths[widest] -= 1


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [_cell(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return GAP.join(padded).rstrip()


def _cell(text: str, width: int) -> str:
    """Return `text` in exactly `width` columns."""
    if columns_of(text) > width:
        while columns_of(text) >= width:
            text = text[:-1]
        text += CUT
    return text + " " * (width - columns_of(text))
