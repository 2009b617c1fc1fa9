"""What a probe found: what stops clients, and what is only to be mended."""

from __future__ import annotations

import pytest

from agent_connector.doctor.finding import (
    TITLES,
    Blame,
    Probe,
    Result,
    all_skipped,
    failed,
    ok,
    skipped,
    warning,
)

BLAME = Blame(cause="The proxy.", fix="proxy_pass;")


def test_every_probe_has_a_title_of_its_own() -> None:
    assert TITLES.keys() == set(Probe)
    assert len({str(title) for title in TITLES.values()}) == len(Probe)


@pytest.mark.parametrize(
    ("finding", "stops"),
    [
        (failed(Probe.AUTHORIZATION, "401", BLAME), True),
        (failed(Probe.CACHING, "-", BLAME), False),
        (warning(Probe.AUTHORIZATION, "401", BLAME), False),
        (ok(Probe.AUTHORIZATION, "401"), False),
        (skipped(Probe.AUTHORIZATION, "-"), False),
    ],
)
def test_what_failed_stops_clients_unless_they_work_without_it(
    finding: object, stops: object
) -> None:
    assert getattr(finding, "stops_clients", None) is stops


def test_the_blame_is_told_with_what_was_seen() -> None:
    finding = failed(Probe.HOST, "other.example", BLAME)

    assert (finding.result, finding.seen) == (Result.FAILED, "other.example")
    assert (finding.cause, finding.fix) == (BLAME.cause, BLAME.fix)
    assert finding.key == "host"


def test_what_is_skipped_says_why() -> None:
    because = [one.cause for one in all_skipped([Probe.TOOLS, Probe.REVOKE], "later")]

    assert because == ["later", "later"]
