"""`doctor`: sentences with the cure, one document, and an exit code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent_connector.doctor.clients import ClientVerdict, Outlook
from agent_connector.doctor.finding import Blame, Finding, Probe, failed, ok
from agent_connector.doctor.run import Report
from agent_connector.management.subcommands import doctor
from tests.commands import run
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db
BLAME = Blame(cause="The proxy drops it.", fix="proxy_set_header Authorization;")


@pytest.fixture
def users(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stand in for the run itself, and note in whose name it was."""
    named: list[Any] = []

    def examine(*, user: Any, via: str, **_facts: Any) -> Report:
        assert via == "manage.py agent_connector doctor"
        named.append(user and user.get_username())
        fine: Finding = ok(Probe.SWITCH, "on")
        bad = failed(Probe.AUTHORIZATION, "401", BLAME)
        client = ClientVerdict(
            key="codex", title="Codex", result=Outlook.FAILED, because="No header."
        )
        findings = (fine, bad) if user is None else (fine,)
        return Report(
            site="https://shop.example", at=NOON, findings=findings, clients=(client,)
        )

    monkeypatch.setattr(doctor, "examine", examine)
    return named


def test_what_failed_is_told_with_its_cure_and_an_exit_code(users: list[Any]) -> None:
    ran = run("doctor")

    assert ran.code == 1
    assert users == [None]
    assert "failed    The Authorization header arrives: 401" in ran.out
    assert "The proxy drops it." in ran.out
    assert "| proxy_set_header Authorization;" in ran.out
    assert "fails     Codex" in ran.out
    assert (
        "Something has to be mended.\n1 ok, 0 warning, 1 failed, 0 skipped." in ran.out
    )


def test_in_the_name_of_a_user_and_all_right(users: list[Any]) -> None:
    make_user("jane")

    assert run("doctor", "--as", "jane").code == 0
    assert users == ["jane"]


def test_nobody_of_that_name_is_said_and_nothing_is_asked(users: list[Any]) -> None:
    ran = run("doctor", "--as", "nobody")

    assert ran.code != 0
    assert users == []


def test_programs_get_one_document(users: list[Any]) -> None:
    ran = run("doctor", "--json")

    assert json.loads(ran.out)["healthy"] is False
    assert users == [None]
