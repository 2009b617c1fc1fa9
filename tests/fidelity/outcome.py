"""What came of a step, the same words for both ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.fidelity.people import Person


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it was accepted, and what was shown."""

    accepted: bool
    seen: Any = None
    why: str = field(default="", compare=False)
    """For whoever reads a disagreement."""


class Step(Protocol):
    """One thing tried twice: on the admin's page and with a tool."""

    def in_admin(self, person: Person) -> Outcome: ...

    def by_agent(self, person: Person) -> Outcome: ...


def accepted(seen: Any = None, *, why: str = "") -> Outcome:
    return Outcome(accepted=True, seen=seen, why=why)


def refused(why: str) -> Outcome:
    return Outcome(accepted=False, why=why)
