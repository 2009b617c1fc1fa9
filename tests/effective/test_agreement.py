"""What the page says that a user's agents can do is what the tools then do.

Random combinations of user, roles, ceiling, connection and site. Each has a seed of its
own, so that one that failed can be tried again alone:

    EFFECTIVE_SEED=17 EFFECTIVE_COMBINATIONS=1 python -m pytest tests/effective
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from panel.shop.models import Coupon
from tests.effective.chance import (
    Chance,
    come_about,
    declare_by_chance,
    settings_by_chance,
)
from tests.effective.really import disagreements
from tests.panel.shop import make_category, make_customer, make_order, make_product

pytestmark = pytest.mark.django_db
SEED = int(os.environ.get("EFFECTIVE_SEED", "1"))
QUICK = int(os.environ.get("EFFECTIVE_COMBINATIONS", "25"))
LONG = 500


@pytest.mark.parametrize(
    "combinations", [QUICK, pytest.param(LONG, marks=pytest.mark.reliability)]
)
def test_what_is_said_is_what_happens(
    combinations: int, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = _records()
    base = dict(settings.AGENT_CONNECTOR)
    found: list[str] = []
    seen: Counter[str] = Counter()

    for seed in range(SEED, SEED + combinations):
        with _combination(seed, settings, base) as chance:
            wrong = list(disagreements(chance, ids))
        found += [f"seed {seed}: {one}" for one in wrong]
        seen[chance.level] += 1

    with capsys.disabled():
        print(f"\n  seeds {SEED} to {SEED + combinations - 1}: {dict(seen)}")
    assert not found, f"{len(found)} disagreements:\n" + "\n".join(found[:12])


def _records() -> dict[str, str]:
    """Return a record of each model that nothing else depends on.

    Whoever may delete it has to be allowed to delete it alone.
    """
    now = timezone.now()
    coupon = Coupon.objects.create(code="TEN", percent=10, valid_from=now)
    order, customer = make_order(), make_customer()
    records = (order, customer, make_category(), make_product("Lamp"), coupon)
    return {one._meta.label_lower: str(one.pk) for one in records}


@contextmanager
def _combination(seed: int, settings: Any, base: dict[str, Any]) -> Iterator[Chance]:
    """Let one come about, and nothing be left of it."""
    rng = Random(seed)
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        settings.AGENT_CONNECTOR = {**base, **settings_by_chance(rng)}
        declare_by_chance(rng, patch)
        yield come_about(rng)
        transaction.set_rollback(True)
