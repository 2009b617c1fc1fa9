"""Say which name was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MAX_SHOWN_CHARACTERS = 80


def quoted(name: object) -> str:
    """Return a name that an agent made up, short enough to be said back."""
    text = str(name)
    cut = text[:MAX_SHOWN_CHARACTERS] + ("…" * (len(text) > MAX_SHOWN_CHARACTERS))
    return f"`{cut}`"


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """Return ` Did you mean …?`, or nothing when no allowed name is close."""
    close = difflib.get_close_matches(
        name[:MAX_SHOWN_CHARACTERS].lower(), list(allowed), n=1
    )
    return f" Did you mean `{close[0]}`?" if close else ""
