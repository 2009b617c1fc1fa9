"""The documents: this site's own and up to date, or named for what they are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from agent_connector.doctor.documents import PLACES, probe_documents
from agent_connector.doctor.finding import Result
from agent_connector.doctor.wire import Answer, Silence
from tests.doctoring import as_of, by_id, examination, headers_of

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


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Something before Django refuses"),
        (200, "does not hand this path to Django"),
        (404, "does not hand this path to Django"),
    ],
)
def test_what_guards_the_site_and_keeps_the_documents_is_named(
    status: int, words: str
) -> None:
    """As a CDN does that takes clients for bots, or keeps `/.well-known/` to itself."""

    def guard(answer: Answer) -> Answer:
        if not answer.path.startswith("/.well-known/"):
            return answer
        body, headers = b"<html>Are you human?</html>", headers_of()
        return replace(answer, status=status, headers=headers, body=body, arrival=None)

    findings = found(after=guard)

    for probe in PLACES:
        assert findings[probe].result is Result.FAILED
        assert words in str(findings[probe].cause)
        assert "/.well-known/oauth-" in findings[probe].fix


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
