"""The documents: this site's own and up to date, or named for what they are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from agent_connector.doctor.documents import PLACES, probe_documents
from agent_connector.doctor.finding import Result
from agent_connector.doctor.wire import Answer, Silence
from tests.doctoring import as_of, by_id, examination

pytestmark = pytest.mark.django_db
SERVER = "/.well-known/oauth-authorization-server"
ROOT = "/.well-known/oauth-protected-resource"


def found(**way: Any) -> dict[str, Any]:
    return by_id(probe_documents(examination(**way)))


def test_a_sound_site_has_all_of_them() -> None:
    assert {one.result for one in found().values()} == {Result.OK}


def test_a_cache_that_keeps_the_right_document_is_no_fault() -> None:
    findings = found(after=lambda answer: replace(answer, arrival=None))

    assert {one.result for one in findings.values()} == {Result.OK}
    assert "not from this site itself" in str(findings["server-document"].seen)


def test_an_old_document_is_a_fault_of_the_cache() -> None:
    old = json.dumps({"issuer": "https://old.example.com"}).encode()

    findings = found(after=as_of(SERVER, body=old))

    assert findings["server-document"].result is Result.FAILED
    assert "A cache keeps an old document" in str(findings["server-document"].cause)
    assert findings["issuer"].result is Result.FAILED
    assert findings["issuer"].seen == "https://old.example.com"
    assert findings["root-document"].result is Result.OK


def test_another_document_of_this_very_site_is_one_of_other_settings() -> None:
    def other(answer: Answer) -> Answer:
        return replace(answer, body=b'{"resource": "https://x.example/mcp"}')

    finding = found(after=other)["root-document"]

    assert finding.result is Result.FAILED
    assert "runs with other settings than this process" in str(finding.cause)


@pytest.mark.parametrize("said", [["https://a.example"], "https://a.example", [7]])
def test_whatever_is_said_of_the_issuer_is_compared(said: Any) -> None:
    body = json.dumps({"authorization_servers": said}).encode()

    assert found(after=as_of(ROOT, body=body))["issuer"].result is Result.FAILED


def test_without_an_answer_nothing_is_said_of_the_issuer() -> None:
    findings = found(silence=Silence.REFUSED)

    assert {findings[probe].result for probe in PLACES} == {Result.FAILED}
    assert findings["issuer"].result is Result.SKIPPED
