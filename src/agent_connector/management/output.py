"""What a subcommand says: a table or sentence for people, or one JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from shutil import get_terminal_size
from typing import Any, TextIO

from django.core.management import CommandError
from django.core.management.base import OutputWrapper
from django.utils import timezone

from agent_connector.management.table import plain, table_text

DONE = 0
NOTHING = 1
"""Nothing matched, or it was refused."""
WRONG_USAGE = 2

NEEDED_WHOLE = frozenset({"id", "client_id"})
"""What is copied from a table into the next command."""

BACK = "\r\x1b[K"
"""Takes a terminal to the beginning of the line, and empties it."""


class Error(CommandError):
    """One sentence on stderr, and an exit code; Django prints this class's name."""

    def __init__(self, sentence: str, *, code: int = NOTHING) -> None:
        super().__init__(plain(sentence), returncode=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where one run writes; what people read and what programs read never mix."""

    stdout: OutputWrapper
    stderr: OutputWrapper
    stdin: TextIO
    as_json: bool = False

    def rows(
        self,
        columns: Mapping[str, str],
        rows: Sequence[Mapping[str, Any]],
        *,
        nothing: str,
    ) -> int:
        """Print `rows`, of which people see `columns`: keys, and how they are headed.

        Returns the exit code: without rows `nothing` is said on stderr.
        """
        if self.as_json:
            self._json(list(rows))
        elif rows:
            cells = [[_text_of(row[key]) for key in columns] for row in rows]
            whole = [
                place
                for place, key in enumerate(columns)
                if key in NEEDED_WHOLE or isinstance(rows[0][key], datetime)
            ]
            width = get_terminal_size().columns if self.stdout.isatty() else None
            self._print(
                table_text(list(columns.values()), cells, width=width, whole=whole)
            )
        if not rows:
            self.note(nothing)
        return DONE if rows else NOTHING

    def result(self, document: Mapping[str, Any], *sentences: str) -> None:
        """Print what was done: `sentences` for people, or `document` for programs."""
        if self.as_json:
            self._json(document)
        else:
            self._print("\n".join(map(plain, sentences)))

    def note(self, sentence: str) -> None:
        """Say what people should know besides; never a part of the answer."""
        self.stderr.write(plain(sentence), style_func=str)

    def progress(self, sentence: str) -> None:
        """Show how far long work is, on one line of a terminal; elsewhere nothing."""
        if self.stderr.isatty():
            self._ask(f"{BACK}{plain(sentence)}")

    def end_progress(self) -> None:
        self.progress("")

    def confirm(self, what: str, *, word: str, is_sure: bool) -> None:
        """Let people type `word` before a mass act; a program says `--yes`.

        Raises:
            Error: somebody typed something else, or nobody was there to ask.
        """
        if is_sure:
            return
        if not self.stdin.isatty():
            raise Error(f"{what} Add --yes if you mean it.", code=WRONG_USAGE)
        self._ask(f"{plain(what)}\nType {word} to go on: ")
        if self.stdin.readline().strip() != word:
            raise Error("Nothing was changed.")

    def _json(self, document: Any) -> None:
        # ASCII: no control character of somebody's text reaches a terminal as such.
        self._print(json.dumps(document, indent=2, default=_json_of))

    def _print(self, text: str) -> None:
        self.stdout.write(text)

    def _ask(self, text: str) -> None:
        """Write to people without ending the line."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()


def utc_of(at: datetime) -> datetime:
    """Return a time in UTC; a site without `USE_TZ` keeps its own local times."""
    zone = timezone.get_default_timezone()
    known = timezone.make_aware(at, zone) if timezone.is_naive(at) else at
    return known.astimezone(UTC)


def _text_of(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{utc_of(value):%Y-%m-%d %H:%M:%SZ}"
        case list() | tuple():
            return ", ".join(map(_text_of, value)) or "-"
        case _:
            return str(value)


def _json_of(value: Any) -> Any:
    match value:
        case datetime():
            return utc_of(value).isoformat().replace("+00:00", "Z")
        case timedelta():
            return value.total_seconds()
        case Enum():
            return value.value
        case _:
            return str(value)
