"""Make the panel's secret key once and keep it where only its owner can read it."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

KEY_BYTES = 48
"""Entropy of the key: far more than any signature needs."""


def load_secret_key(path: Path) -> str:
    """Return the key in the file at `path`, making the file at the first call.

    Several processes may start at once: the key is written aside and then linked into
    place, so that all of them read the same, whole key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key_file(path)
    return path.read_text(encoding="ascii").strip()


def _make_key_file(path: Path) -> None:
    # mkstemp makes the file with mode 600, and the link keeps it.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
    aside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        path.hardlink_to(aside)
    except FileExistsError:
        pass  # another process was first, and its key is the key
    finally:
        aside.unlink()
