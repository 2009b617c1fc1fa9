"""The tool `search_docs`, off by default: what the project wrote down for agents."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Annotated

import msgspec

from agent_connector.policy.caller import Caller
from agent_connector.policy.scopes import Scope
from agent_connector.tools.builtin.documents import Section, all_sections
from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.written import Declared, tool_of

MAX_MATCHES = 5
MAX_EXCERPT_CHARACTERS = 1200
HEADING_WEIGHT = 3
MOST_THAT_COUNTS = 3
"""A word that is repeated more often does not make a text fit any better."""

SHORTEST_STEM = 4
"""Below that, words that begin alike have little to do with each other."""

_WORD = re.compile(r"\w+")

Query = Annotated[
    str, msgspec.Meta(max_length=200, description="Words that it would contain.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    heading: str
    app: str
    file: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    matches: list[Match]
    sections: int
    """How many were looked through."""


def search_docs(caller: Caller, *, query: Query) -> Found:
    """Searches this site's own notes on how things are done here, best matches first."""
    del caller
    words = set(_words_in(query))
    if not words:
        raise ToolFailed("`query` holds no word.", code="invalid_arguments")
    sections = all_sections()
    return Found(
        matches=[_match(section, words) for section in _ranked(sections, words)],
        sections=len(sections),
    )


def _words_in(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _ranked(sections: tuple[Section, ...], words: set[str]) -> list[Section]:
    """Return the sections with most of the words, rare ones counting for more."""
    counts = [_counts(section, words) for section in sections]
    with_word = Counter(word for count in counts for word in count)
    worth = {word: math.log(1 + len(sections) / with_word[word]) for word in with_word}
    scores = [sum(worth[word] * count[word] for word in count) for count in counts]
    order = sorted(range(len(sections)), key=lambda at: -scores[at])
    return [sections[at] for at in order if scores[at] > 0][:MAX_MATCHES]


def _counts(section: Section, words: set[str]) -> Counter[str]:
    """Return how much each of the words weighs in the section, heading and text."""
    text, heading = (
        Counter(_words_in(section.text)),
        Counter(_words_in(section.heading)),
    )
    found: Counter[str] = Counter()
    for word in words:
        in_text = min(_times(word, text), MOST_THAT_COUNTS)
        in_heading = min(_times(word, heading), 1) * HEADING_WEIGHT
        if in_text or in_heading:
            found[word] = in_text + in_heading
    return found


def _times(word: str, counted: Counter[str]) -> int:
    """Return how often it stands there, `refund` also as `refunds`."""
    return sum(
        count for other, count in counted.items() if other == word or _akin(word, other)
    )


def _akin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST_STEM and long.startswith(short)


def _match(section: Section, words: set[str]) -> Match:
    return Match(
        heading=section.heading,
        app=section.app,
        file=section.file,
        excerpt=_excerpt(section.text, words),
    )


def _excerpt(text: str, words: set[str]) -> str:
    """Return the text, or as much as fits from its best paragraph on."""
    if len(text) <= MAX_EXCERPT_CHARACTERS:
        return text
    paragraphs = text.split("\n\n")
    best = max(range(len(paragraphs)), key=lambda at: _hits(paragraphs[at], words))
    rest = "\n\n".join(paragraphs[best:])
    before = "… " if best else ""
    if len(rest) <= MAX_EXCERPT_CHARACTERS:
        return before + rest
    return f"{before}{rest[:MAX_EXCERPT_CHARACTERS].rstrip()} …"


def _hits(paragraph: str, words: set[str]) -> int:
    counted = Counter(_words_in(paragraph))
    return sum(1 for word in words if _times(word, counted))


SEARCH_DOCS = tool_of(search_docs, Declared(needs=Scope.READ, ends_refusals=False))
