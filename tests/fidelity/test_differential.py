"""What the admin can do, the agent can do, and nothing more: tried both ways.

Random people try random things on the admin's own pages, through Django's test client,
and with the tools. Both have to agree on what is accepted, which rows and fields are
seen, what is stored and what the history says. A seed that failed can be tried again:

    FIDELITY_SEED=17 FIDELITY_STEPS=200 python -m pytest tests/fidelity
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.fidelity.comparison import disagreements
from tests.fidelity.sets import ALL_SETS, ModelSet

pytestmark = pytest.mark.django_db
SEED = int(os.environ.get("FIDELITY_SEED", "1"))
QUICK = int(os.environ.get("FIDELITY_STEPS", "40"))
LONG = 2_000


@pytest.mark.parametrize("chosen", ALL_SETS, ids=lambda chosen: chosen.name)
@pytest.mark.parametrize(
    "steps", [QUICK, pytest.param(LONG, marks=pytest.mark.reliability)]
)
def test_admin_and_agent_agree(
    chosen: ModelSet,
    steps: int,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen.prepare(settings)

    found, counts = disagreements(chosen, seed=SEED, steps=steps)

    with capsys.disabled():
        print(f"\n  {chosen.name}, seed {SEED}: {dict(sorted(counts.items()))}")
    assert not found, f"{len(found)} disagreements:\n" + "\n".join(found[:8])
