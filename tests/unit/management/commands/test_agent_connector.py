"""The command parses, hands exit codes on, and never shows a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import translation
from pytest_django import Settings

from agent_connector.management.commands.agent_connector import SUBCOMMANDS
from agent_connector.management.subcommands import users
from tests.commands import run
from tests.factories import make_personal, make_user

pytestmark = pytest.mark.django_db
NAMES = sorted(SUBCOMMANDS)


def test_the_help_names_every_subcommand_and_the_exit_codes() -> None:
    ran = run("--help")

    assert ran.code == 0
    assert [name for name in NAMES if f"\n    {name}" not in ran.out] == []
    assert "exit codes:\n  0  done\n  1  nothing matched" in ran.out


@pytest.mark.parametrize("name", NAMES)
def test_each_subcommand_explains_itself_with_examples(name: str) -> None:
    ran = run(name, "--help")

    assert ran.code == 0
    assert f"\n  manage.py agent_connector {name}" in ran.out
    assert "--json" in ran.out
    assert max(map(len, SUBCOMMANDS[name].HELP.splitlines())) <= 88


@pytest.mark.parametrize(
    "arguments",
    [(), ("nonsense",), ("users", "--limit", "x"), ("revoke",), ("switch", "server")],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


def test_nothing_matched_is_1_with_a_sentence() -> None:
    ran = run("enable", "nobody")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Error: There is no user called 'nobody'.\n"


def test_trouble_with_the_database_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> Any:
        raise DatabaseError("server closed the connection\n  DETAIL: x")

    monkeypatch.setattr(users, "run", fail)

    ran = run("users")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: The database did not do it, and nothing of it was kept:"
        " server closed the connection\n"
    )


def test_djangos_own_options_may_stand_behind_the_subcommand() -> None:
    make_user("jane")

    assert "jane" in run("users", "--settings", "tests.settings", "--no-color").out


def test_code_that_calls_the_command_gets_errors_not_exits() -> None:
    call_command("agent_connector", "users")
    with pytest.raises(CommandError, match="no user called 'x'"):
        call_command("agent_connector", "enable", "x")


def test_the_language_of_the_site_changes_no_answer() -> None:
    make_personal(make_user("jane"))

    with translation.override("de"):
        [row] = run("users", "--json").document

    assert row["connected"] == ["Personal Access Token"]


def test_a_failing_check_keeps_nobody_from_switching_off(settings: Settings) -> None:
    settings.AGENT_CONNECTOR = {}  # no SITE_URL: agent_connector.E001

    assert run("switch", "server", "off").code == 0
