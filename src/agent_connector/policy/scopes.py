"""The three scopes, each of which includes the lesser ones (RFC 6749 section 3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """One kind of thing a client may do, from the least to the most."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"


ALL_SCOPES: tuple[Scope, ...] = tuple(Scope)
IGNORED_SCOPES = frozenset({"offline_access"})
"""Asked for by some clients out of habit; accepted and dropped."""


class UnknownScope(ValueError):
    """A scope that this site does not have. Holds the unknown word."""


def scopes_of(level: str) -> tuple[Scope, ...]:
    """Return the scopes that the level `level` includes, least first."""
    return ALL_SCOPES[: ALL_SCOPES.index(Scope(level)) + 1]


def level_of(scopes: Iterable[str]) -> Scope | None:
    """Return the widest of `scopes`, or None when there are none."""
    present = set(scopes)
    return next((scope for scope in reversed(ALL_SCOPES) if scope in present), None)


def narrower(one: str, other: str) -> Scope:
    """Return the lesser of two levels."""
    return min(Scope(one), Scope(other), key=ALL_SCOPES.index)


def includes(level: str, scope: str) -> bool:
    """Say whether a connection of this level may do things of this scope."""
    return ALL_SCOPES.index(Scope(scope)) <= ALL_SCOPES.index(Scope(level))


def scope_text(level: str) -> str:
    """Return the `scope` parameter of a level, such as `read write`."""
    return " ".join(scopes_of(level))


def parse_scopes(text: str) -> frozenset[Scope]:
    """Read a `scope` parameter: words separated by single spaces, in any order.

    Raises:
        UnknownScope: a word is not a scope of this site.
    """
    words = set(text.split(" ")) - {""} - IGNORED_SCOPES
    for word in sorted(words):
        if word not in ALL_SCOPES:
            raise UnknownScope(word)
    return frozenset(Scope(word) for word in words)
