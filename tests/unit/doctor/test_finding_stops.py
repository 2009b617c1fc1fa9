"""Which probes keep clients away when they fail, as `docs/doctor.md` lists them."""

from __future__ import annotations

from agent_connector.doctor.finding import Blame, Probe, Result, failed, skipped

STOP_NOBODY = {
    "plain-http",
    "root-document",
    "caching",
    "addresses",
    "database",
    "outbound",
}


def test_these_and_no_others_stop_nobody() -> None:
    stopping = {
        str(probe) for probe in Probe if failed(probe, "-", Blame()).stops_clients
    }

    assert stopping == {str(probe) for probe in Probe} - STOP_NOBODY


def test_what_is_skipped_may_have_a_cure() -> None:
    finding = skipped(Probe.TOOLS, "Nobody was named.", fix="doctor --as jane")

    assert (finding.result, finding.seen) == (Result.SKIPPED, "")
    assert (finding.cause, finding.fix) == ("Nobody was named.", "doctor --as jane")
