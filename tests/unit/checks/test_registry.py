"""`manage.py check` runs every check of the app, each once."""

from __future__ import annotations

from typing import Any

from django.core.checks.registry import registry

from agent_connector.checks.registry import CHECKS, TAG, register_checks
from tests.architecture.tree import APP


def test_every_check_of_the_room_is_registered_once() -> None:
    register_checks()

    ours: list[Any] = [one for one in registry.get_checks() if TAG in one.tags]
    modules = {path.stem for path in (APP / "checks").glob("*.py")}
    assert set(ours) == set(CHECKS)
    assert len(ours) == len(CHECKS)
    assert {one.__module__.rpartition(".")[2] for one in CHECKS} == (
        modules - {"__init__", "registry"}
    )
