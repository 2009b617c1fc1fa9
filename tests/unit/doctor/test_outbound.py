"""The way out to client documents, which is needed only where they are advertised."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from agent_connector.doctor.finding import Finding, Result
from agent_connector.doctor.outbound import (
    KNOWN_DOCUMENT,
    REASONS,
    probe_outbound,
    reason_text,
)
from agent_connector.oauth import document_client
from agent_connector.oauth.fetch import Fetched, FetchFailed, Reason, fresh_for
from tests.doctoring import examination
from tests.document_host import document

pytestmark = pytest.mark.django_db


def found(*, is_on: bool) -> Finding:
    exam = examination()
    exam.in_force = replace(exam.in_force, client_id_metadata_documents=is_on)
    return probe_outbound(exam)


def test_no_way_out_is_a_fault_where_documents_are_advertised() -> None:
    finding = found(is_on=True)

    assert finding.result is Result.FAILED
    assert "this server does not find the host" in str(finding.cause)


def test_no_way_out_is_no_fault_where_they_are_off() -> None:
    finding = found(is_on=False)

    assert finding.result is Result.SKIPPED
    assert "switched off" in str(finding.cause)


@pytest.mark.parametrize("is_on", [True, False])
def test_a_document_that_is_there(
    monkeypatch: pytest.MonkeyPatch, *, is_on: bool
) -> None:
    members = document(client_id=KNOWN_DOCUMENT)
    fetched = Fetched(body=json.dumps(members).encode(), fresh_for=fresh_for(""))
    monkeypatch.setattr(document_client, "fetch", lambda _url: fetched)

    finding = found(is_on=is_on)

    assert finding.result is Result.OK
    assert ("may be switched on" in str(finding.seen)) is not is_on


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_its_words(reason: Reason) -> None:
    assert REASONS.keys() == set(Reason)
    assert reason_text(FetchFailed(reason, "404")).endswith(" (404)")
