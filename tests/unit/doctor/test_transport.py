"""Encrypted or not, for how much longer, and what plain http meets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import Result
from agent_connector.doctor.transport import (
    probe_https,
    probe_plain_http,
    probe_reach,
)
from agent_connector.doctor.wire import Silence
from tests.doctoring import SITE, as_of, examination, headers_of

pytestmark = pytest.mark.django_db
SECURE = "https://localhost"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def with_certificate(left: timedelta) -> Examination:
    exam = examination(url=SECURE)
    exam.now = NOON
    at = NOON + left
    exam.wire.expires = f"{at:%b %d %H:%M:%S %Y} GMT"
    return exam


@pytest.mark.parametrize(
    ("days", "result"), [(90, Result.OK), (15, Result.OK), (13, Result.WARNING)]
)
def test_a_certificate_is_to_be_renewed_in_time(days: int, result: Result) -> None:
    finding = probe_https(with_certificate(timedelta(days=days)))

    assert finding.result is result
    assert f"{NOON + timedelta(days=days):%Y-%m-%d}" in str(finding.seen)


@pytest.mark.parametrize(
    ("url", "result"),
    [
        (SITE, Result.OK),
        ("http://intranet", Result.OK),
        ("http://www.example.com", Result.WARNING),
        (SECURE, Result.SKIPPED),  # nothing was asked
    ],
)
def test_plain_http_is_good_enough_at_home_only(url: str, result: Result) -> None:
    assert probe_https(examination(url=url)).result is result


def test_reach_takes_any_answer() -> None:
    exam = examination(after=as_of("/mcp", status=500))

    assert probe_reach(exam).result is Result.OK


def test_reach_names_what_is_silent() -> None:
    finding = probe_reach(examination(silence=Silence.CERTIFICATE))

    assert finding.result is Result.FAILED
    assert "fullchain.pem" in finding.fix


@pytest.mark.parametrize("url", [SITE, "https://localhost:8443"])
def test_plain_http_is_not_looked_for_where_nobody_knows_it(url: str) -> None:
    exam = examination(url=url)

    assert probe_plain_http(exam).result is Result.SKIPPED
    assert exam.wire.asked == []  # type: ignore[attr-defined]  # a test's way


def test_an_endpoint_that_takes_plain_http_is_a_fault() -> None:
    exam = examination(url=SECURE)

    finding = probe_plain_http(exam)

    assert finding.result is Result.FAILED
    assert "return 301 https://$host$request_uri;" in finding.fix
    assert exam.wire.asked == ["POST http://localhost:80/mcp"]  # type: ignore[attr-defined]  # the same


def test_a_redirect_or_nothing_at_all_is_right() -> None:
    target = headers_of(Location="https://localhost/mcp")

    redirected = probe_plain_http(
        examination(
            url=SECURE, after=lambda one: replace(one, status=301, headers=target)
        )
    )
    silent = probe_plain_http(examination(url=SECURE, silence=Silence.REFUSED))
    late = probe_plain_http(examination(url=SECURE, silence=Silence.OUT_OF_TIME))

    assert redirected.result is Result.OK
    assert silent.result is Result.OK
    assert late.result is Result.SKIPPED
