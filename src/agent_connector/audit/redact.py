"""Take secrets out of what is written to the record."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any

from agent_connector.policy.exposure import is_sensitive_field

MASK = "[redacted]"
CUT = "[cut]"
MAX_TEXT_CHARACTERS = 500
MAX_ARGUMENTS_CHARACTERS = 20_000
"""Of JSON, for all arguments of one call, their names left out."""
MAX_ITEMS = 100
MAX_DEPTH = 8

_LARGEST_NUMBER = 1e300
_OWN_SECRET = re.compile(
    r"ac[arpcs]_[0-9A-Za-z]{16,}"  # tokens, codes and secrets of clients
    r"|acy_[\w:-]{16,}",  # what confirms a destructive act
    re.ASCII,
)
_TELLING_WORD = re.compile(r"(?<![a-z])(authorization|cookie|key|verifier)(?![a-z])")


def hides_nothing(_name: str) -> bool:
    return False


def redact_arguments(
    arguments: dict[str, Any], *, hides: Callable[[str], bool] = hides_nothing
) -> dict[str, Any]:
    """Return the arguments of a call as they are stored: `redact`ed, and not too long.

    What stands under a name that the site `hides` from agents is masked, the names of
    the arguments themselves left alone. An argument that does not fit any more keeps
    its name only.
    """
    kept: dict[str, Any] = {}
    room = MAX_ARGUMENTS_CHARACTERS
    for name, value in redact(arguments, hides=hides).items():
        size = len(json.dumps(value))
        if size > room:
            kept[name] = CUT
            continue
        kept[name] = value
        room -= size
    return kept


def redact(
    value: Any, *, hides: Callable[[str], bool] = hides_nothing, depth: int = 0
) -> Any:
    """Return a copy of a JSON value that is safe to store.

    Values under keys that tell of a credential are masked, our own secrets are
    masked wherever they stand, long texts, lists and deep nesting are cut. What JSON
    columns refuse is changed: NUL is dropped, infinite and immense numbers are cut.
    """
    if depth > MAX_DEPTH:
        return MASK
    below = functools.partial(redact, hides=hides, depth=depth + 1)
    match value:
        case dict():
            return {
                redact_text(str(key)): (
                    MASK
                    if _tells_of_credential(str(key)) or (depth and hides(str(key)))
                    else below(item)
                )
                for key, item in list(value.items())[:MAX_ITEMS]
            }
        case list() | tuple():
            return [below(item) for item in value[:MAX_ITEMS]]
        case bool() | None:
            return value
        case int() | float():
            return value if -_LARGEST_NUMBER < value < _LARGEST_NUMBER else CUT
        case _:
            return redact_text(str(value))


def redact_text(text: str) -> str:
    """Return `text` cut to 500 characters, free of our secrets, NUL and surrogates."""
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    # Before the cut: half a secret would not be recognised.
    return _OWN_SECRET.sub(MASK, clean)[:MAX_TEXT_CHARACTERS]


def _tells_of_credential(key: str) -> bool:
    return is_sensitive_field(key) or bool(_TELLING_WORD.search(key.lower()))
