"""What is wrong with the tools that the project wrote, for the system check."""

from __future__ import annotations

from dataclasses import dataclass


class Mistake(Exception):
    """A function that cannot be a tool as it is written.

    `cure` says what to write instead.
    """

    def __init__(self, message: str, *, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One mistake and the place where it was made."""

    place: str
    """The dotted path of a function or of a module."""

    message: str
    cure: str


_NOTED: dict[str, Noted] = {}


def note_mistake(place: str, *, message: str, cure: str) -> None:
    """Keep it for the check; the last one of a place counts."""
    _NOTED[place] = Noted(place=place, message=message, cure=cure)


def noted_mistakes() -> tuple[Noted, ...]:
    """Return what was noted since the site started, first come first."""
    return tuple(_NOTED.values())
