"""The one sentence of a run says neither more nor less than the run has found."""

from __future__ import annotations

import pytest

from agent_connector.doctor.clients import ClientVerdict, Outlook
from agent_connector.doctor.finding import Blame, Finding, Probe, failed, ok, warning
from agent_connector.doctor.headline import headline_of
from agent_connector.doctor.run import Report
from tests.factories import NOON

FINE = ok(Probe.SWITCH, "on")
REMARK = warning(Probe.CLOCK, "-", Blame())
FAULT = failed(Probe.CACHING, "-", Blame())
WORKS, ALMOST = Outlook.OK, Outlook.WARNING
FAILS, AWAY = Outlook.FAILED, Outlook.OUT_OF_REACH


def headline(*outlooks: Outlook, finding: Finding = FINE) -> str:
    clients = tuple(
        ClientVerdict(key="a", title="Alpha", result=one) for one in outlooks
    )
    return headline_of(
        Report(site="", at=NOON, findings=(FINE, finding), clients=clients)
    )


@pytest.mark.parametrize(
    ("outlooks", "said"),
    [
        ((WORKS, ALMOST), "Everything is right"),
        (
            (WORKS, AWAY),
            "Everything on this site is right; 1 client needs a public address",
        ),
        (
            (AWAY, WORKS, AWAY),
            "Everything on this site is right; 2 clients need a public address",
        ),
        ((FAILS,), "Everything on this site is right; 1 client does not work"),
        (
            (FAILS, FAILS, AWAY),
            (
                "Everything on this site is right; 2 clients do not work;"
                " 1 client needs a public address"
            ),
        ),
    ],
)
def test_a_sound_site_and_its_clients(outlooks: tuple[Outlook, ...], said: str) -> None:
    assert headline(*outlooks) == said


def test_remarks_on_the_site_come_before_its_clients() -> None:
    assert headline(WORKS, finding=REMARK) == "The site works, with remarks"
    assert headline(AWAY, finding=REMARK) == (
        "The site works, with remarks; 1 client needs a public address"
    )


def test_what_has_failed_comes_before_everything() -> None:
    assert headline(WORKS, AWAY, finding=FAULT) == "Something has to be mended"
