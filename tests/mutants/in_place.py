"""Change a module that is imported already, wherever its parts are held by now."""

from __future__ import annotations

import gc
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import EnumMeta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from agent_connector.policy.throttle import Limit
from tests.architecture.tree import module_of

PLAIN = (
    *(bool, bytes, dict, float, frozenset, int, list, set, str, tuple, timedelta),
    *(IPv4Network, IPv6Network, Limit, re.Pattern),
)


@dataclass(frozen=True)
class Place:
    """A name in a module or class, or the defaults of a function."""

    holder: Any
    name: str

    def importers(self) -> list[ModuleType]:
        """Return the modules that have the value under the same name."""
        live = getattr(self.holder, self.name)
        return [
            module
            for module in list(sys.modules.values())
            if isinstance(self.holder, ModuleType)
            and getattr(module, "__dict__", {}).get(self.name) is live
        ]

    def put(self, value: object) -> None:
        for holder in (self.holder, *self.importers()):
            setattr(holder, self.name, value)


class Imported:
    """A module as it was imported; to change it is for a fork."""

    def __init__(self, path: Path) -> None:
        source = path.read_text(encoding="utf-8")
        self.code = compile(source, path, "exec", dont_inherit=True)
        self.module = importlib.import_module(module_of(path))
        self.functions = [
            one
            for one in gc.get_objects()
            if type(one) is FunctionType and one.__code__.co_filename == str(path)
        ]

    def change(self, compiled: Callable[[], CodeType]) -> bool:
        """Give every function, wherever it is held, its changed code."""
        codes = dict(_pairs(self.code, compiled()))
        changed = [
            (one, codes[one.__code__])
            for one in self.functions
            if one.__code__ in codes and codes[one.__code__] != one.__code__
        ]
        for function, other in changed:
            function.__code__ = other
        return bool(changed)

    def change_values(self, compiled: Callable[[], CodeType]) -> bool:
        """Give plain values, of the module and its classes, what they would be now.

        False: that is not enough, as what changes is another thing, or was taken over
        by a test file when that was imported.
        """
        before, again = self._run(self.code), self._run(self.code)
        after = self._run(compiled())
        unequal_anyway = {place for place, _ in self._differing(before, again)}
        values = [
            (place, value)
            for place, value in self._differing(before, after)
            if place not in unequal_anyway
        ]
        if any(_is_held_by_tests(place) for place, _ in values):
            return False
        for place, value in values:
            place.put(value)
        return bool(values)

    def _differing(
        self, old: dict[str, Any], new: dict[str, Any]
    ) -> Iterator[tuple[Place, Any]]:
        return _differing(self.module, old, new)

    def _run(self, code: CodeType) -> dict[str, Any]:
        """Return what the module would hold; never registered as a module."""
        namespace = {
            name: getattr(self.module, name)
            for name in ("__name__", "__file__", "__package__", "__spec__")
        }
        exec(code, namespace)  # noqa: S102  # our own source
        return namespace


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield what belongs together, as far as both have the same functions inside."""
    yield old, new
    inner_old = [one for one in old.co_consts if isinstance(one, CodeType)]
    inner_new = [one for one in new.co_consts if isinstance(one, CodeType)]
    if [one.co_name for one in inner_old] == [one.co_name for one in inner_new]:
        for one, other in zip(inner_old, inner_new, strict=True):
            yield from _pairs(one, other)


def _differing(
    live: Any, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[tuple[Place, Any]]:
    """Yield where one of two runs of a module, or class body, has another value."""
    for name in sorted(old.keys() & new.keys() - {"__builtins__"}):
        before, after = old[name], new[name]
        if isinstance(before, type) and before.__module__ == new.get("__name__"):
            if not isinstance(before, EnumMeta):
                inner = getattr(live, name)
                yield from _differing(inner, {**vars(before)}, {**vars(after)})
        elif isinstance(before, FunctionType) and isinstance(after, FunctionType):
            yield from _differing_defaults(getattr(live, name), before, after)
        elif isinstance(after, PLAIN) and isinstance(before, PLAIN) and before != after:
            yield Place(live, name), after


def _differing_defaults(
    live: object, before: FunctionType, after: FunctionType
) -> Iterator[tuple[Place, Any]]:
    if before.__code__.co_name != after.__code__.co_name:
        return  # a decorator came or went
    for name in ("__defaults__", "__kwdefaults__"):
        if getattr(before, name) != getattr(after, name):
            yield Place(live, name), getattr(after, name)


def _is_held_by_tests(place: Place) -> bool:
    return any(".test_" in module.__name__ for module in place.importers())
