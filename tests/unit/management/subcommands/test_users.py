"""Users are listed as MCP Users lists them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agent_connector.management.subcommands import users
from tests.commands import run
from tests.factories import make_client, make_connection, make_user

pytestmark = pytest.mark.django_db


def test_a_row_says_who_since_when_and_with_what() -> None:
    jane = make_user("jane", first_name="Jane", last_name="Roe")
    make_connection(jane, make_client("Claude Code"))
    make_connection(jane, make_client("Old"), now=timezone.now() - timedelta(days=200))

    [row] = run("users", "--json").document

    assert row == {
        "username": "jane",
        "name": "Jane Roe",
        "is_active": True,
        "is_staff": True,
        "access": "enabled",
        "ceiling": "delete",
        "active_tokens": 1,
        "inactive_tokens": 1,
        "connected": ["Claude Code"],
        "added_at": "2026-03-02T12:00:00Z",
        "last_used_at": None,
    }
    assert "jane  Jane Roe  enabled  1       Claude Code" in run("users").out


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ["jane", "omar"]),
        (("--enabled",), ["jane"]),
        (("--disabled",), ["omar"]),
        (("--search", "ROE jan"), ["jane"]),
        (("--search", "nobody"), []),
    ],
)
def test_filters_leave_the_users_they_name(
    arguments: tuple[str, ...], names: list[str]
) -> None:
    make_user("jane", last_name="Roe")
    make_user("omar", enabled=False)
    make_user("customer", is_staff=False, enabled=False)

    ran = run("users", "--json", *arguments)

    assert [row["username"] for row in ran.document] == names
    assert ran.code == (0 if names else 1)


def test_the_limit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "BATCH", 2)
    for number in range(5):
        make_connection(make_user(f"user{number}"))

    some, every = (run("users", "--json", "--limit", count) for count in ("4", "0"))

    assert (len(some.document), some.err) == (
        4,
        "There are more; --limit 0 shows all.\n",
    )
    assert [row["active_tokens"] for row in every.document] == [1] * 5
    assert every.err == ""
