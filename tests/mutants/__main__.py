"""Change the code in small ways, one at a time, and see whether a test notices.

    python -m tests.mutants policy connections/revoke oauth

Each survivor is printed as it is found, the count per module at the end.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants import cold
from tests.mutants.changes import Mutant, mutants_of
from tests.mutants.forks import in_a_fork
from tests.mutants.warm import Recording, Warm, distance

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "src" / "agent_connector"
ROOMS = ["policy", "connections", "oauth"]
FLOWS = [
    str(one.relative_to(ROOT)) for one in sorted(ROOT.glob("tests/flows/test_oauth_*"))
]
TESTS = {
    "policy": ["tests/unit/policy", "tests/unit/connections", "tests/unit/mcp"],
    "connections": [
        "tests/unit/connections",
        "tests/unit/mcp",
        "tests/unit/test_signals.py",
    ],
    "oauth": ["tests/unit/oauth", *FLOWS],
}
RACES = ["--ignore-glob=*_races*.py"]
WHOLE_PATIENCE = 6 * 3600
TERMINAL = os.dup(1)


def modules_in(names: list[str]) -> Iterator[Path]:
    """Yield the files of these rooms, or of these modules."""
    for name in names:
        room = APP / name
        yield from (
            sorted(room.rglob("[!_]*.py"))
            if room.is_dir()
            else [room.with_suffix(".py")]
        )


class Tally:
    """What became of the mutants: counted per module, survivors told at once."""

    def __init__(self) -> None:
        self.all: Counter[str] = Counter()
        self.killed: Counter[str] = Counter()

    def note(self, mutant: Mutant, asked: int, noticed: str) -> None:
        name = str(mutant.path.relative_to(APP))
        self.all[name] += 1
        self.killed[name] += bool(noticed)
        if not noticed:
            say(f"survived {asked:4} tests  {name}:{mutant.span[0]}: {mutant.said}")

    def report(self) -> bool:
        """Print the table; tell whether nine in ten were killed."""
        for name, count in self.all.items():
            say(f"{name}  {self.killed[name]} of {count}")
        say(f"killed {self.killed.total()} of {self.all.total()}")
        return self.killed.total() >= self.all.total() * 0.9


def say(line: str) -> None:
    os.write(TERMINAL, f"{line}\n".encode())


Judged = tuple[Tally, Recording, list[tuple[Path, int]]]


def judge_warm(paths: list[Path]) -> Judged:
    """Judge what can be changed in a running process; return what cannot, too."""
    tally = Tally()
    warm = Warm(paths, tally.note)
    rooms = {path.relative_to(APP).parts[0] for path in paths}
    tests = {test: None for room in sorted(rooms) for test in TESTS[room]}
    pytest.main([*cold.OPTIONS, *RACES, *tests], plugins=[warm])
    return tally, warm.recording, warm.later


def main(names: list[str]) -> int:
    """Print the survivors and a table; fail below nine in ten killed."""
    os.environ.pop("TEST_POSTGRES_URL", None)
    os.chdir(ROOT)
    cold.import_what_is_heavy()
    paths = list(modules_in(names or ROOMS))
    nothing: Judged = (Tally(), Recording(), [])
    tally, recording, later = in_a_fork(
        lambda: judge_warm(paths),
        patience=WHOLE_PATIENCE,
        otherwise=nothing,
    )
    for path, number in later:
        mutant = mutants_of(path)[number]
        tests = recording.nearest(path)
        mirror = [one for one in tests if distance(path, one) == 0]
        noticed = cold.is_noticed(mirror, mutant) or cold.is_noticed(tests, mutant)
        tally.note(mutant, len(tests), "some test" if noticed else "")
    return int(not tally.report())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
