"""One run asks everything once, and knows what the site itself would answer."""

from __future__ import annotations

import json

import pytest

from agent_connector.doctor.examination import (
    RESOURCE_PATH,
    SERVER_PATH,
    Examination,
)
from agent_connector.doctor.wire import NoAnswer, Silence
from tests.doctoring import SITE, Way, examination

pytestmark = pytest.mark.django_db


def asked_by(exam: Examination) -> list[str]:
    assert isinstance(exam.wire, Way)
    return exam.wire.asked


def test_a_page_is_asked_for_once() -> None:
    exam = examination()

    assert exam.page(SERVER_PATH) is exam.page(SERVER_PATH)
    exam.unauthorized()
    exam.unauthorized()

    assert asked_by(exam) == [f"GET {SERVER_PATH}", "POST /mcp"]


def test_silence_is_remembered_too() -> None:
    exam = examination(silence=Silence.REFUSED)

    for _ in range(2):
        with pytest.raises(NoAnswer):
            exam.page(SERVER_PATH)

    assert len(asked_by(exam)) == 1


def test_it_names_the_site_as_clients_are_told() -> None:
    exam = examination()

    assert (exam.site, exam.host) == (SITE, "127.0.0.1")
    assert exam.resource == f"{SITE}/mcp"


@pytest.mark.parametrize("path", [SERVER_PATH, RESOURCE_PATH])
def test_what_is_expected_is_what_the_site_answers(path: str) -> None:
    exam = examination()

    assert exam.expected_document(path) == json.loads(exam.page(path).body)
