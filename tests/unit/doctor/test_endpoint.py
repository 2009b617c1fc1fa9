"""What a client meets at the endpoint, and which header was lost on the way."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from agent_connector.doctor.endpoint import is_ours, probe_endpoint
from agent_connector.doctor.finding import Result
from agent_connector.doctor.wire import Answer, Silence
from tests.doctoring import Request, as_of, by_id, examination, headers_of

pytestmark = pytest.mark.django_db


def found(**way: Any) -> dict[str, Any]:
    return by_id(probe_endpoint(examination(**way)))


def test_a_sound_site_passes() -> None:
    assert {one.result for one in found().values()} == {Result.OK}


def test_a_token_that_is_tried_is_never_shown() -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(request.headers.get("Authorization", ""))

    findings = found(before=note)

    [token] = [one.removeprefix("Bearer ") for one in sent if one]
    assert token.startswith("aca_")
    assert token not in repr(findings)


def test_a_header_that_is_dropped_is_named() -> None:
    def drop(request: Request) -> None:
        request.headers.pop("Authorization", None)

    findings = found(before=drop)

    failing = [name for name, one in findings.items() if one.result is Result.FAILED]
    assert failing == ["authorization"]
    assert "WSGIPassAuthorization" in str(findings["authorization"].cause)


def test_a_header_that_is_dropped_is_named_also_if_nothing_tells_what_arrived() -> None:
    def drop(request: Request) -> None:
        request.headers.clear()

    assert found(before=drop)["authorization"].result is Result.FAILED


def test_a_challenge_that_is_lost_is_named() -> None:
    def lose(answer: Answer) -> Answer:
        return replace(answer, headers=headers_of(Cache_Control="no-store"))

    findings = found(after=lose)

    assert "WWW-Authenticate was lost" in str(findings["challenge"].cause)
    assert findings["authorization"].result is Result.OK


def test_a_challenge_to_another_address_is_one_of_other_settings() -> None:
    pointing = headers_of(
        WWW_Authenticate='Bearer resource_metadata="https://x.example/y"'
    )

    def point(answer: Answer) -> Answer:
        return replace(answer, headers=pointing)

    finding = found(after=point)["challenge"]

    assert finding.result is Result.FAILED
    assert "another SITE_URL" in str(finding.cause)


def test_caching_is_named() -> None:
    def cached(answer: Answer) -> Answer:
        headers = headers_of(Cache_Control="public, max-age=60")
        return replace(answer, headers=headers)

    finding = found(after=cached)["caching"]

    assert finding.result is Result.FAILED
    assert "max-age=60" in str(finding.seen)


def test_a_list_of_addresses_without_this_server_is_no_fault() -> None:
    exam = examination(after=lambda answer: replace(answer, status=403))
    exam.in_force = replace(
        exam.in_force, allowed_addresses=(ip_network("192.0.2.0/24"),)
    )

    findings = by_id(probe_endpoint(exam))

    assert findings["challenge"].result is Result.SKIPPED
    assert findings["challenge"].fix == "127.0.0.1"


def test_what_somebody_else_answers_is_not_asked_with_a_token() -> None:
    asked: list[str] = []
    exam = examination(
        before=lambda request: asked.append(request.headers.get("Authorization", "")),
        after=as_of("/mcp", status=200, body=b"hello"),
    )

    findings = by_id(probe_endpoint(exam))

    assert findings["challenge"].result is Result.FAILED
    assert findings["authorization"].result is Result.SKIPPED
    assert not is_ours(exam)
    assert set(asked) == {""}


def test_silence_fails_each_of_them() -> None:
    findings = found(silence=Silence.TOO_SLOW)

    assert findings["challenge"].result is Result.FAILED
    assert findings["token-endpoint"].result is Result.FAILED
    assert findings["caching"].result is Result.SKIPPED


def test_a_form_that_is_changed_is_noticed() -> None:
    def empty(request: Request) -> None:
        request.body = b""

    assert found(before=empty)["token-endpoint"].result is Result.FAILED
