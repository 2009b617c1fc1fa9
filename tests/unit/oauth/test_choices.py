"""The levels that a person may choose from at consent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent_connector.models import Level
from agent_connector.oauth.choices import Reach, choices_for, open_level
from agent_connector.policy.scopes import Scope

EVERYTHING = Reach(view=("Orders",), change=("Orders",), delete=("Orders",))
VIEWS = Reach(view=("Orders",), change=(), delete=())


def open_levels(*, asked: str, ceiling: str, reach: Reach) -> list[str]:
    choices = choices_for(asked=asked, ceiling=ceiling, reach=reach)
    return [one.level.value for one in choices if one.is_open]


@pytest.mark.parametrize(
    ("asked", "ceiling", "reach", "open_ones"),
    [
        ("delete", "delete", EVERYTHING, ["read", "write", "delete"]),
        ("write", "delete", EVERYTHING, ["read", "write"]),
        ("read", "delete", EVERYTHING, ["read"]),
        ("delete", "write", EVERYTHING, ["read", "write"]),
        ("delete", "read", EVERYTHING, ["read"]),
        ("delete", "delete", VIEWS, ["read"]),
        (
            "delete",
            "delete",
            Reach(view=(), change=("A",), delete=()),
            ["read", "write"],
        ),
        (
            "delete",
            "delete",
            Reach(view=(), change=(), delete=(), is_superuser=True),
            ["read", "write", "delete"],
        ),
        (
            "delete",
            "delete",
            replace(EVERYTHING, left_by_roles=frozenset({Scope.READ})),
            ["read"],
        ),
    ],
)
def test_a_level_is_open_when_nothing_stands_against_it(
    asked: str, ceiling: str, reach: Reach, open_ones: list[str]
) -> None:
    assert open_levels(asked=asked, ceiling=ceiling, reach=reach) == open_ones


def test_every_level_is_shown_and_a_closed_one_says_why() -> None:
    choices = choices_for(asked="read", ceiling="write", reach=VIEWS)

    assert [one.level for one in choices] == list(Level)
    assert [str(one.obstacle) for one in choices] == [
        "",
        "You may not add or change anything in this admin.",
        "An administrator limits what your clients may do.",
    ]
    assert "did not ask" in str(
        choices_for(asked="read", ceiling="write", reach=EVERYTHING)[1].obstacle
    )


@pytest.mark.spec("attacks", "43")
@pytest.mark.parametrize("chosen", ["write", "delete", "", "READ", "admin", "read "])
def test_only_what_was_offered_can_be_chosen(chosen: str) -> None:
    choices = choices_for(asked="read", ceiling="delete", reach=EVERYTHING)

    assert open_level(chosen, choices=choices) is None
    assert open_level("read", choices=choices) == Level.READ
