"""Take secrets out of what is written to the record."""

from __future__ import annotations

import re
from typing import Any

from agent_connector.policy.exposure import is_sensitive_field

MASK = "[redacted]"
MAX_TEXT_CHARACTERS = 500
MAX_ITEMS = 100
MAX_DEPTH = 8

_OWN_SECRET = re.compile(r"ac[arpcs]_[0-9A-Za-z]{16,}")


def redact(value: Any, *, depth: int = 0) -> Any:
    """Return a copy of a JSON value that is safe to store.

    Values under keys that tell of a credential are masked, our own secrets are
    masked wherever they stand, long texts, lists and deep nesting are cut, and NUL,
    which PostgreSQL's text refuses, is dropped.
    """
    if depth > MAX_DEPTH:
        return MASK
    match value:
        case dict():
            return {
                redact_text(str(key)): (
                    MASK
                    if is_sensitive_field(str(key))
                    else redact(item, depth=depth + 1)
                )
                for key, item in list(value.items())[:MAX_ITEMS]
            }
        case list() | tuple():
            return [redact(item, depth=depth + 1) for item in value[:MAX_ITEMS]]
        case str():
            return redact_text(value)
        case bool() | int() | float() | None:
            return value
        case _:
            return redact_text(str(value))


def redact_text(text: str) -> str:
    """Return `text` cut to 500 characters, free of our secrets, NUL and surrogates."""
    clean = text[:MAX_TEXT_CHARACTERS].replace("\x00", "")
    clean = clean.encode("utf-8", "replace").decode("utf-8")
    return _OWN_SECRET.sub(MASK, clean)
