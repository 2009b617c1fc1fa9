"""A slip of the pen gets the name that was meant; nonsense gets none."""

from __future__ import annotations

from agent_connector.tools.suggest import did_you_mean, quoted


def test_the_closest_name_is_suggested() -> None:
    assert did_you_mean("prise", ["name", "price"]) == " Did you mean `price`?"


def test_nothing_is_suggested_for_nonsense() -> None:
    assert did_you_mean("qqqqq", ["name", "price"]) == ""


def test_a_long_name_is_cut() -> None:
    assert quoted("x" * 500) == f"`{'x' * 80}…`"
