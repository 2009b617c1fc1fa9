"""A pytest that stands ready with everything imported and a database.

Each mutant is judged in a fork of it, by the tests that ran the changed lines.
"""

from __future__ import annotations

import gc
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage

from tests.mutants.changes import Mutant, Span, mutants_of
from tests.mutants.forks import in_a_fork

SLOW_SECONDS = 1.0
"""A test that takes longer, in seconds of the processor, is not asked."""
MOST_SECONDS = 3.0
"""How long the tests of one mutant may take together; the nearest come first."""
PATIENCE = 15
RECORDING_PATIENCE = 1200


@dataclass
class Recording:
    """How long each test took, and which tests ran which lines of which file."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def nearest(self, path: Path, span: Span | None = None) -> list[str]:
        """Return the tests to ask about these lines, or all lines, of a module."""
        lines = self.lines.get(str(path), {})
        wanted = range(span[0], span[1] + 1) if span else lines
        ran = {test for line in wanted for test in lines.get(line, [])}
        quick = [
            one for one in ran if self.seconds.get(one, SLOW_SECONDS) < SLOW_SECONDS
        ]
        quick.sort(key=lambda one: (distance(path, one), self.seconds[one], one))
        total = itertools.accumulate(self.seconds[one] for one in quick)
        return [
            one for one, sum_ in zip(quick, total, strict=True) if sum_ < MOST_SECONDS
        ]


def distance(path: Path, test: str) -> int:
    """Return how far a test is from a module: its mirror, its room, elsewhere."""
    file = Path(test.split("::", maxsplit=1)[0])
    if file.parent.parts[2:] != path.parts[-len(file.parent.parts[2:]) - 1 : -1]:
        return 2
    return 0 if f"{file.stem}_".startswith(f"test_{path.stem}_") else 1


class Warm:
    """The plugin: instead of running the tests once, it judges mutants by them.

    `tell` hears of each mutant which tests were asked and which of them, if any,
    noticed. Lines that ran at import cannot be changed any more: `later` has these.
    """

    def __init__(
        self, paths: list[Path], tell: Callable[[Mutant, int, str], None]
    ) -> None:
        self.paths, self.tell = paths, tell
        self.recording = Recording()
        self.later: list[tuple[Path, int]] = []
        self.imports = self._coverage()
        self.imports.start()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.imports.stop()
        _make_database(session.items)
        recorded = in_a_fork(
            lambda: self._record(session.items), patience=RECORDING_PATIENCE
        )
        assert recorded is not None, "the tests could not be recorded"
        self.recording = recorded
        items = {item.nodeid: item for item in session.items}
        for path in self.paths:
            at_import = set(self.imports.get_data().lines(str(path)) or [])
            functions = _functions_of(path)
            for mutant in mutants_of(path):
                if at_import.intersection(range(mutant.span[0], mutant.span[1] + 1)):
                    self.later.append((path, mutant.number))
                    continue
                names = recorded.nearest(path, mutant.span)
                tests = [items[name] for name in names]
                self.tell(mutant, len(tests), _who_notices(mutant, functions, tests))
        return True

    def _coverage(self) -> Coverage:
        return Coverage(
            data_file=None, config_file=False, include=[str(one) for one in self.paths]
        )

    def _record(self, items: list[pytest.Item]) -> Recording:
        recording, coverage = Recording(), self._coverage()
        coverage.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            coverage.switch_context(item.nodeid)
            began = time.process_time()
            if _passes(item, following):
                recording.seconds[item.nodeid] = time.process_time() - began
            else:
                sys.stderr.write(f"fails without any change: {item.nodeid}\n")
        coverage.stop()
        data = coverage.get_data()
        for name in data.measured_files():
            recording.lines[name] = data.contexts_by_lineno(name)
        return recording


def _make_database(items: list[pytest.Item]) -> None:
    """Run one test that needs the database, which then stays for the forks."""
    first = next(item for item in items if item.get_closest_marker("django_db"))
    assert _passes(first, None)


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run a test; what belongs to the whole session stays, whatever follows."""
    after: Any = following or SimpleNamespace(listchain=lambda: [item.session])
    return not any(
        report.failed for report in runtestprotocol(item, log=False, nextitem=after)
    )


def _who_notices(
    mutant: Mutant, functions: list[FunctionType], tests: list[pytest.Item]
) -> str:
    """Return the first test that fails with the change, or nothing."""
    if not tests:
        return ""

    def ask() -> str:
        _change(functions, mutant)
        for item, following in zip(tests, [*tests[1:], None], strict=True):
            if not _passes(item, following):
                return item.nodeid
        return ""

    noticed = in_a_fork(ask, patience=PATIENCE)
    return "no end" if noticed is None else noticed


def _functions_of(path: Path) -> list[FunctionType]:
    return [
        one
        for one in gc.get_objects()
        if type(one) is FunctionType and one.__code__.co_filename == str(path)
    ]


def _change(functions: list[FunctionType], mutant: Mutant) -> None:
    """Give every function of the module, wherever it is held, its changed code."""
    source = mutant.path.read_text(encoding="utf-8")
    old = compile(source, mutant.path, "exec", dont_inherit=True)
    changed = dict(_pairs(old, mutant.compiled()))
    reached = [
        one
        for one in functions
        if changed.get(one.__code__, one.__code__) != one.__code__
    ]
    assert reached, f"{mutant.said}: no function has this code"
    for function in reached:
        function.__code__ = changed[function.__code__]


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield what belongs together, as far as both have the same functions inside."""
    yield old, new
    inner_old = [one for one in old.co_consts if isinstance(one, CodeType)]
    inner_new = [one for one in new.co_consts if isinstance(one, CodeType)]
    if [one.co_name for one in inner_old] == [one.co_name for one in inner_new]:
        for one, other in zip(inner_old, inner_new, strict=True):
            yield from _pairs(one, other)
