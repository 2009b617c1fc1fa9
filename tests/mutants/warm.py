"""A pytest that stands ready with everything imported and a database.

Each mutant is judged in a fork of it, by the tests that ran the changed lines.
"""

from __future__ import annotations

import functools
import gc
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage
from django.urls import get_resolver

from tests.mutants.changes import Mutant, Span, mutants_of
from tests.mutants.forks import in_a_fork

if TYPE_CHECKING:
    from tests.mutants.in_place import Imported

SLOW_SECONDS = 1.0
"""A test that takes longer, in seconds of the processor, is not asked."""
MOST_SECONDS = 4.0
"""How long the tests of one mutant may take together; the nearest come first."""
PATIENCE = 30
RECORDING_PATIENCE = 1200


@dataclass
class Recording:
    """How long each test took, and which tests ran which lines of which file."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    noticed: Counter[str] = field(default_factory=Counter)

    def nearest(self, path: Path, span: Span | None = None) -> list[str]:
        """Return the tests to ask about these lines, or all lines, of a module.

        Of those equally near, who noticed most so far comes first.
        """
        lines = self.lines.get(str(path), {})
        wanted = range(span[0], span[1] + 1) if span else lines
        ran = {test for line in wanted for test in lines.get(line, [])}
        quick = [
            one for one in ran if self.seconds.get(one, SLOW_SECONDS) < SLOW_SECONDS
        ]
        quick.sort(
            key=lambda one: (
                distance(path, one),
                -self.noticed[one],
                self.seconds[one],
                one,
            )
        )
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

    `tell` hears of each mutant how many tests were asked and which of them, if any,
    noticed. `later` has those of which a running process cannot tell.
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
        # It imports the app, which is possible from now on only.
        from tests.mutants.in_place import Imported  # noqa: PLC0415

        modules = {path: Imported(path) for path in self.paths}
        _ = get_resolver().url_patterns  # imports what is left, once for all
        self.imports.stop()
        _make_database(session.items)
        self.recording = in_a_fork(
            lambda: self._record(session.items),
            patience=RECORDING_PATIENCE,
            otherwise=Recording(),
        )
        items = {item.nodeid: item for item in session.items}
        gc.freeze()  # so that collecting in a fork does not copy all of this
        for path, module in modules.items():
            noticing = self._judge(path, module, items)
            if _who_notices(lambda: True, [items[name] for name in noticing]):
                sys.stderr.write(f"{path}: its tests fail without any change\n")
        return True

    def _judge(
        self, path: Path, module: Imported, items: dict[str, pytest.Item]
    ) -> list[str]:
        """Judge every mutant of a module; return the tests that noticed one."""
        at_import = set(self.imports.get_data().lines(str(path)) or [])
        noticing = Counter[str]()
        for mutant in mutants_of(path):
            lines = range(mutant.span[0], mutant.span[1] + 1)
            early = not at_import.isdisjoint(lines)
            names = self.recording.nearest(path, None if early else mutant.span)
            noticed = _who_notices(
                functools.partial(
                    module.change_values if early else module.change, mutant.compiled
                ),
                [items[name] for name in names],
            )
            if noticed is None or (early and not noticed):
                self.later.append((path, mutant.number))
            else:
                noticing[noticed] += 1
                self.recording.noticed[noticed] += 1
                self.tell(mutant, len(names), noticed)
        return [name for name in noticing if name in items]

    def _coverage(self) -> Coverage:
        return Coverage(
            data_file=None, config_file=False, include=[str(one) for one in self.paths]
        )

    def _record(self, items: list[pytest.Item]) -> Recording:
        recording, coverage = Recording(), self._coverage()
        coverage.start()
        for item, following in itertools.zip_longest(items, items[1:]):
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


def _who_notices(change: Callable[[], bool], tests: list[pytest.Item]) -> str | None:
    """Return the first test that fails with the change; "" for none of them.

    None: the change cannot be made here.
    """

    def ask() -> str | None:
        try:
            if not change():
                return None
        except Exception as problem:  # noqa: BLE001  # it cannot even be imported
            return repr(problem)
        for item, following in itertools.zip_longest(tests, tests[1:]):
            if not _passes(item, following):
                return str(item.nodeid)
        return ""

    otherwise: str | None = "no end"
    return in_a_fork(ask, patience=PATIENCE, otherwise=otherwise)
