"""Every probe is reported once and in order, whatever fails before it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from agent_connector.doctor import run
from agent_connector.doctor.clients import Outlook
from agent_connector.doctor.finding import Probe, Result, skipped
from agent_connector.doctor.run import Report, examine
from agent_connector.doctor.wire import Silence
from agent_connector.models import Connection, ConnectorSettings
from tests.doctoring import SITE, Request, Way, by_id
from tests.factories import make_admin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A site that is asked through Django's test client, without a way outside."""
    settings.AGENT_CONNECTOR = {**settings.AGENT_CONNECTOR, "SITE_URL": SITE}
    monkeypatch.setattr(run, "Wire", Way)
    monkeypatch.setattr(
        run, "probe_outbound", lambda _exam: skipped(Probe.OUTBOUND, "no way out")
    )


def results(report: Report) -> dict[str, Result]:
    return {key: one.result for key, one in by_id(report.findings).items()}


def test_a_sound_site_is_healthy_and_every_probe_is_told_in_its_order() -> None:
    report = examine(now=timezone.now())

    assert [one.id for one in report.findings] == list(Probe)
    assert report.is_healthy
    assert report.counts[Result.OK] + report.counts[Result.SKIPPED] >= len(Probe) - 3
    assert report.site == SITE


def test_without_a_user_no_connection_is_tried() -> None:
    report = examine(now=timezone.now())

    assert results(report)["tools"] is Result.SKIPPED
    assert not Connection.objects.exists()


def test_with_a_user_a_tool_is_called_and_nothing_lives_on() -> None:
    report = examine(now=timezone.now(), user=make_admin("root"))

    assert results(report)["tools"] is Result.OK
    assert results(report)["revoke"] is Result.OK
    assert not Connection.objects.active(at=timezone.now()).exists()


def test_a_site_that_does_not_know_its_address_says_so_and_nothing_else(
    settings: Any,
) -> None:
    settings.AGENT_CONNECTOR = {}
    settings.DEBUG = False

    report = examine(now=timezone.now())

    assert report.site == ""
    assert not report.is_healthy
    assert results(report).pop("site-url") is Result.FAILED
    assert report.counts == {Result.FAILED: 1, Result.SKIPPED: len(Probe) - 1}
    assert {one.result for one in report.clients} == {Outlook.FAILED}


def test_a_site_that_is_switched_off_is_not_asked_further() -> None:
    ConnectorSettings.objects.create(mcp_server_enabled=False)

    report = examine(now=timezone.now(), user=make_admin("root"))

    assert results(report)["switch"] is Result.FAILED
    assert results(report)["authorization"] is Result.SKIPPED
    assert results(report)["tools"] is Result.SKIPPED


def test_a_site_that_does_not_answer_gets_no_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "Wire", partial(Way, silence=Silence.REFUSED))

    report = examine(now=timezone.now(), user=make_admin("root"))

    assert results(report)["reach"] is Result.FAILED
    assert results(report)["exchange"] is Result.SKIPPED
    assert not Connection.objects.exists()


def test_where_clients_are_stopped_no_connection_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def drop(request: Request) -> None:
        request.headers.pop("Authorization", None)

    monkeypatch.setattr(run, "Wire", partial(Way, before=drop))

    report = examine(now=timezone.now(), user=make_admin("root"))

    assert results(report)["authorization"] is Result.FAILED
    assert results(report)["exchange"] is Result.SKIPPED
    assert not Connection.objects.exists()
