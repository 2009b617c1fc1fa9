"""Make the name that a client gives itself fit to be shown."""

from __future__ import annotations

import unicodedata

MAX_NAME_CHARACTERS = 200
UNNAMED = "Unnamed client"

_BREAKS = frozenset({"Zl", "Zp", "Cc"})
"""Line and paragraph separators, and controls, each of which becomes a space."""
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
"""Format characters (bidi overrides, zero width), surrogates, private, unassigned."""
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
"""Letters, marks and signs that show nothing: fillers, variation selectors."""


def clean_name(text: str) -> str:
    """Return `text` without what could hide or reorder it, at most 200 characters.

    Markup stays as it is: whoever shows the name escapes it.
    """
    visible = "".join(
        " " if unicodedata.category(character) in _BREAKS else character
        for character in text[: MAX_NAME_CHARACTERS * 4]
        if unicodedata.category(character) not in _INVISIBLE and character not in _BLANK
    )
    words = " ".join(visible.split())
    return words[:MAX_NAME_CHARACTERS].strip() or UNNAMED
