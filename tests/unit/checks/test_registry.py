"""Every check of the room is registered, so that `manage.py check` runs it."""

from __future__ import annotations

from pathlib import Path

from django.core import checks

from agent_connector.checks import registry
from agent_connector.checks.registry import CHECKS, TAG, register_checks


def test_each_module_of_the_room_has_its_check_registered() -> None:
    room = Path(registry.__file__).parent
    modules = {path.stem for path in room.glob("*.py")} - {"__init__", "registry"}

    assert {check.__module__.rpartition(".")[2] for check in CHECKS} == modules


def test_registering_twice_adds_nothing() -> None:
    before = len(checks.registry.registry.get_checks())

    register_checks()

    assert len(checks.registry.registry.get_checks()) == before
    assert checks.registry.registry.tag_exists(TAG)
