"""What else happened to the sample staff: typing errors, second thoughts, an alarm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent_connector.models import Event

MOMENTS = """
priya    priya  password_refused    1
priya    priya  password_refused   12
priya    priya  consent_denied     21  Claude
priya    admin  password_refused   33
joris    joris  consent_denied     45  ChatGPT
conor    conor  password_refused   55
mateo    mateo  consent_denied      4  MCP Inspector
anika    anika  consent_refused     5  Claude Code: disabled
maud     maud   consent_refused     0  Claude: disabled
diego    diego  consent_refused    25  ChatGPT: disabled
erik     erik   consent_refused     5  Codex: disabled
selma    selma  consent_refused     9  Claude: disabled
"""
"""About whom, by whom, what, how many days ago, and the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    username: str
    actor: str
    kind: Event.Kind
    days_ago: int
    detail: str


def moments() -> Iterator[Moment]:
    for line in MOMENTS.strip().splitlines():
        username, actor, kind, days, *words = line.split(maxsplit=4)
        yield Moment(
            username=username,
            actor=actor,
            kind=Event.Kind(kind),
            days_ago=int(days),
            detail=" ".join(words),
        )
