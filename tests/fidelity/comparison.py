"""Do each step twice from the same state, and hold the two against each other."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import time_machine
from django.db import transaction

from tests.factories import NOON
from tests.fidelity.outcome import Outcome, Step
from tests.fidelity.people import Person, some_person
from tests.fidelity.sets import ModelSet
from tests.fidelity.state import changes_between, history_since, last_entry, rows_of
from tests.fidelity.steps import some_step

STEPS_A_PERSON = 12


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    changes: dict[str, Any]
    history: list[tuple[Any, ...]]


def disagreements(
    chosen: ModelSet, *, seed: int, steps: int
) -> tuple[list[str], dict[str, int]]:
    """Return what differed, and how many steps of each kind were accepted and not."""
    rng = Random(seed)
    found: list[str] = []
    counts: dict[str, int] = {}
    chosen.fill(rng)
    person = some_person(rng, chosen)
    for number in range(steps):
        if number % STEPS_A_PERSON == 0:
            person = some_person(rng, chosen)
        step = some_step(rng, chosen)
        with time_machine.travel(NOON, tick=False):
            admin, agent = _both(step, person, chosen)
        kind = f"{type(step).__name__} {'accepted' if admin.outcome.accepted else 'refused'}"
        counts[kind] = counts.get(kind, 0) + 1
        if admin != agent:
            found.append(
                f"seed {seed}, step {number}: {step}\n  admin {admin}\n  agent {agent}"
            )
    return found, counts


def _both(step: Step, person: Person, chosen: ModelSet) -> tuple[Result, Result]:
    """Return what came of it in the admin, which is undone, and with the tool."""
    with transaction.atomic():
        admin = _done(step.in_admin, person, chosen)
        transaction.set_rollback(True)
    return admin, _done(step.by_agent, person, chosen)


def _done(act: Any, person: Person, chosen: ModelSet) -> Result:
    before, last = rows_of(chosen.watched), last_entry()
    outcome = act(person)
    changes = changes_between(before, rows_of(chosen.watched), chosen)
    return Result(outcome, changes, history_since(last, before))
