"""Tool calls are listed by what they were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_connector.models import ToolCall
from tests.calls import make_call
from tests.commands import run
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db


def test_the_newest_come_first_without_what_they_said() -> None:
    make_call()
    make_call(at=NOON + timedelta(hours=1), outcome=ToolCall.Outcome.REFUSED)

    first, second = run("calls", "--json").document

    assert (first["outcome"], second["outcome"]) == ("refused", "done")
    assert second["at"] == "2026-03-02T12:00:00Z"
    assert (second["duration_ms"], second["object"]) == (12, "7")
    assert "arguments" not in second
    assert "confidential" in run("calls", "--json", "--arguments").out


@pytest.mark.parametrize(
    "arguments",
    [
        *(("--user", "anna"), ("--client", "Cursor"), ("--tool", "delete_records")),
        *(("--model", "shop.order"), ("--object", "99"), ("--outcome", "failed")),
        *(("--since", "2026-03-05"), ("--user", "gone")),
    ],
)
def test_each_filter_leaves_the_calls_it_names(arguments: tuple[str, str]) -> None:
    anna = make_user("anna")
    make_call(user=make_user("jane"))
    wanted = make_call(
        user=None if "gone" in arguments else anna,
        user_name="gone" if "gone" in arguments else "anna",
        client_name="Cursor",
        tool="delete_records",
        model="shop.order",
        object_id="99",
        outcome=ToolCall.Outcome.FAILED,
        at=NOON + timedelta(days=4),
    )

    assert [row["id"] for row in run("calls", "--json", *arguments).document] == [
        wanted.pk
    ]


def test_until_leaves_what_was_before() -> None:
    make_call(at=NOON)

    assert run("calls", "--until", "2026-03-02T12:00:00Z").code == 1
    assert run("calls", "--until", "2026-03-02T12:00:01Z").code == 0
