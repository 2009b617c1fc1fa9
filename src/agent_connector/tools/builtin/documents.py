"""Read the Markdown that apps ship for agents, section by section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps

FOLDER = "agent_docs"

_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.+?)[ \t#]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands under one heading."""

    app: str
    file: str
    """Path inside the app's folder."""

    heading: str
    """With those above it, as `Returns > Refunds`; before the first: the file."""

    text: str


def all_sections() -> tuple[Section, ...]:
    """Return the documents of all installed apps, read when first asked for."""
    return _sections_of(
        tuple((config.label, Path(config.path)) for config in apps.get_app_configs())
    )


@cache
def _sections_of(places: tuple[tuple[str, Path], ...]) -> tuple[Section, ...]:
    return tuple(
        section for app, place in places for section in _read(app, place / FOLDER)
    )


def _read(app: str, folder: Path) -> Iterator[Section]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*.md")):
        # A link that leads out of the folder would show what nobody meant for agents.
        if not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        file = path.relative_to(folder).as_posix()
        for heading, body in split_sections(text):
            yield Section(app=app, file=file, heading=heading or file, text=body)


def split_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield headings, each with those above it, and what stands below them.

    A `#` inside a fenced block is a comment of some program, not a heading.
    """
    above: dict[int, str] = {}
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and fence in {"", mark[1]}:
            fence = "" if fence else mark[1]
        heading = None if fence else _HEADING.fullmatch(line)
        if heading is None:
            lines.append(line)
            continue
        yield from _section(above, lines)
        depth = len(heading["marks"])
        above = {d: one for d, one in above.items() if d < depth}
        above[depth] = heading["text"]
        lines = []
    yield from _section(above, lines)


def _section(above: dict[int, str], lines: list[str]) -> Iterator[tuple[str, str]]:
    body = "\n".join(lines).strip()
    if body:
        yield " > ".join(above.values()), body
