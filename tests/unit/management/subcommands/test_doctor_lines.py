"""How `doctor` sets out what it found: folded sentences, whole lines to copy."""

from __future__ import annotations

import pytest

from agent_connector.doctor.clients import ClientVerdict, Outlook
from agent_connector.doctor.finding import Blame, Probe, skipped, warning
from agent_connector.doctor.report import document_of
from agent_connector.doctor.run import Report
from agent_connector.management.subcommands import doctor
from tests.commands import run
from tests.factories import NOON

pytestmark = pytest.mark.django_db
LONG = "proxy_set_header X-Long " + "x" * 120 + ";"
REPORT = Report(
    site="",
    at=NOON,
    findings=(
        warning(
            Probe.HOST,
            "other.example",
            Blame(
                cause="The proxy is at fault. " * 10, fix=f"location / {{\n{LONG}\n}}"
            ),
        ),
        skipped(Probe.TOOLS, "Later."),
    ),
    clients=(
        ClientVerdict(key="a", title="Alpha", result=Outlook.OK),
        ClientVerdict(
            key="b", title="Beta", result=Outlook.WARNING, because="Slow.", fix="x = 1"
        ),
        ClientVerdict(key="c", title="Gamma", result=Outlook.OUT_OF_REACH),
    ),
)


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda **_facts: REPORT)


def test_warnings_and_what_was_skipped_are_no_failure() -> None:
    ran = run("doctor")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("(no SITE_URL)\n")
    assert ran.out.endswith(
        "The site works, with remarks; 1 client needs a public address.\n"
        "0 ok, 1 warning, 0 failed, 1 skipped.\n"
    )


def test_a_client_that_is_only_out_of_reach_does_not_read_as_one_that_fails() -> None:
    lines = run("doctor").out.splitlines()

    assert "no reach  Gamma" in lines


def test_the_cause_is_folded_and_what_is_to_be_copied_is_not() -> None:
    lines = run("doctor").out.splitlines()

    causes = [line for line in lines if "at fault" in line]
    assert len(causes) > 1
    assert all(len(line) <= doctor.WIDTH for line in causes)
    assert all(line.startswith(" " * doctor.COLUMN) for line in causes)
    margin = " " * doctor.COLUMN + "| "
    copied = [line.removeprefix(margin) for line in lines if line.startswith(margin)]
    assert copied == ["location / {", LONG, "}", "x = 1"]


def test_what_was_not_seen_leaves_no_colon() -> None:
    lines = run("doctor").out.splitlines()

    assert "warning   The site's own host name arrives: other.example" in lines
    assert "skipped   A tool is called" in lines


def test_each_client_has_its_word_and_its_reason() -> None:
    lines = run("doctor").out.splitlines()

    clients = lines[lines.index("AI clients") + 1 :]
    assert clients[:3] == ["works     Alpha", "almost    Beta", " " * 10 + "Slow."]


def test_programs_get_the_report_and_no_sentence() -> None:
    document = run("doctor", "--json").document

    assert document.pop("at").startswith("2026-03-02T12:00:00")
    expected = document_of(REPORT)
    assert expected.pop("at") == NOON
    assert document == expected
