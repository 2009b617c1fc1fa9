"""What is not looked at says why, and a run knows where it was asked from."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from agent_connector.doctor import run
from agent_connector.doctor.finding import Blame, Finding, Probe, skipped, warning
from agent_connector.doctor.run import Report, examine
from agent_connector.doctor.wire import Silence
from agent_connector.models import ConnectorSettings, Event
from tests.doctoring import SITE, Way, by_id
from tests.factories import NOON, make_admin

pytestmark = pytest.mark.django_db
OVER_THE_WIRE = [
    "https",
    "plain-http",
    "resource-document",
    "root-document",
    "server-document",
    "issuer",
    "challenge",
    "authorization",
    "token-endpoint",
    "caching",
    "host",
    "scheme",
    "addresses",
]
REAL = ["exchange", "body", "tools", "refresh", "revoke"]


@pytest.fixture(autouse=True)
def _site(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "SITE_URL": SITE}
    monkeypatch.setattr(run, "Wire", Way)
    monkeypatch.setattr(
        run, "probe_outbound", lambda _exam: skipped(Probe.OUTBOUND, "no way out")
    )


def reasons(report: Report, ids: list[str]) -> set[str]:
    found: dict[str, Finding] = by_id(report.findings)
    return {f"{found[one].result}: {found[one].cause}" for one in ids}


def test_switched_off_is_the_reason_for_all_that_needs_the_wire() -> None:
    ConnectorSettings.objects.create(mcp_server_enabled=False)

    report = examine(now=timezone.now(), user=make_admin())

    assert reasons(report, OVER_THE_WIRE) == {
        "skipped: The MCP server is switched off."
    }
    assert reasons(report, REAL) == {"skipped: Mend first what has failed above."}
    assert by_id(report.findings)["switch"].fix.endswith("switch server on")


def test_silence_is_the_reason_and_is_met_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[Way] = []

    def silent(**facts: Any) -> Way:
        ways.append(Way(silence=Silence.REFUSED, **facts))
        return ways[-1]

    monkeypatch.setattr(run, "Wire", silent)

    report = examine(now=timezone.now(), user=make_admin())

    because = "skipped: The public address did not answer."
    assert reasons(report, OVER_THE_WIRE) == {because}
    assert reasons(report, REAL) == {"skipped: Mend first what has failed above."}
    assert ways[0].asked.count("POST /mcp") == 1


def test_the_record_tells_who_asked_from_where_and_how() -> None:
    admin = make_admin()

    examine(
        now=timezone.now(), user=admin, address="192.0.2.7", actor=admin, via="a page"
    )

    opened = Event.objects.get(kind=Event.Kind.CONNECTION_OPENED)
    assert (opened.actor, opened.address) == (admin, "192.0.2.7")
    assert opened.detail.endswith("; a page")


@pytest.mark.parametrize(("debug", "site"), [(True, SITE), (False, "")])
def test_the_pages_own_address_counts_under_debug_only(
    settings: Any, *, debug: bool, site: str
) -> None:
    settings.AGENT_CONNECTOR = {}
    settings.DEBUG = debug

    assert examine(now=timezone.now(), host_url=f"{SITE}/").site == site


def test_a_warning_is_no_failure() -> None:
    findings = (warning(Probe.HTTPS, "-", Blame()), skipped(Probe.TOOLS, "-"))

    assert Report(site=SITE, at=NOON, findings=findings, clients=()).is_healthy


def test_clients_are_judged_by_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = examine(now=timezone.now())
    monkeypatch.setattr(run, "Wire", partial(Way, silence=Silence.REFUSED))
    silent = examine(now=timezone.now())

    assert {"ok", "out-of-reach"} == {str(one.result) for one in sound.clients}
    assert {"failed", "out-of-reach"} == {str(one.result) for one in silent.clients}
