"""Why this site does not answer, from what does."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from django.urls import include, path
from pytest_django import Settings

from agent_connector.doctor.absence import absence_of, silence_of
from agent_connector.doctor.finding import Blame
from agent_connector.doctor.wire import NoAnswer, Silence
from tests.doctoring import SITE, Request, as_of, examination, headers_of

pytestmark = pytest.mark.django_db
MCP = "/mcp"


def blame_of(status: int, url: str = SITE, **changes: Any) -> Blame:
    """Return what is said where `/mcp` alone is answered so."""
    exam = examination(url=url, after=as_of(MCP, status=status, **changes))
    return absence_of(exam, exam.unauthorized())


@pytest.mark.parametrize("silence", Silence)
def test_each_silence_has_its_words(silence: Silence) -> None:
    blame = silence_of(NoAnswer(silence), host="example.com")

    assert str(blame.cause)
    assert "{" not in blame.fix.replace("AGENT_CONNECTOR = {", "")


def test_one_worker_is_thought_of() -> None:
    blame = silence_of(NoAnswer(Silence.TOO_SLOW), host="example.com")

    assert "one worker that serves one request at a time" in str(blame.cause)
    assert blame.fix == "python manage.py agent_connector doctor"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Django refuses the host name"),
        (401, "Something before Django refuses"),
        (403, "Something before Django refuses"),
        (404, "does not hand this path to Django"),
        (200, "does not hand this path to Django"),
        (500, "does not hand this path to Django"),
        (502, "does not reach Django"),
        (504, "does not reach Django"),
    ],
)
def test_each_status_has_its_cause(status: int, words: str) -> None:
    assert words in str(blame_of(status).cause)


@pytest.mark.parametrize(
    ("site", "target", "words", "fix"),
    [
        (
            "https://127.0.0.1:8000",
            "https://127.0.0.1:8000/mcp",
            "redirects to itself for ever",
            "X-Forwarded-Proto",
        ),
        (
            SITE,
            "https://127.0.0.1:8000/mcp",
            "leads on to another one",
            '"SITE_URL": "https://127.0.0.1:8000"',
        ),
        (SITE, "https://www.example.com/", "leads on", "https://www.example.com"),
        (SITE, "/accounts/login/?next=/mcp", "A redirect stands before", "= /mcp"),
        (SITE, "", "A redirect stands before", "= /mcp"),
        (SITE, "http://[broken", "A redirect stands before", "= /mcp"),
        (SITE, "javascript:alert(1)", "A redirect stands before", "= /mcp"),
        (SITE, 'https://x"}; evil', "A redirect stands before", "= /mcp"),
    ],
)
def test_a_redirect_is_told_by_where_it_leads(
    site: str, target: str, words: str, fix: str
) -> None:
    blame = blame_of(302, url=site, headers=headers_of(Location=target))

    assert words in str(blame.cause)
    assert fix in blame.fix


@pytest.mark.parametrize("mistake", ["/", ""])
def test_a_path_that_is_taken_away_is_found_by_asking_for_more(mistake: str) -> None:
    def strip(request: Request) -> None:
        if request.path.startswith(MCP + mistake):
            request.path = "/" + request.path.removeprefix(MCP + mistake)

    exam = examination(before=strip)
    answer = exam.wire.ask("POST", MCP + "/oauth/token")

    assert answer.arrival is None
    assert "takes /mcp away" in str(absence_of(exam, answer).cause)


def test_a_path_that_is_added_to_is_djangos_own_404() -> None:
    def add(request: Request) -> None:
        request.path = f"/app{request.path}"

    exam = examination(before=add)

    blame = absence_of(exam, exam.unauthorized())
    assert "under another path" in str(blame.cause)


def test_a_foreign_site_is_told_by_what_it_lacks() -> None:
    exam = examination()
    exam.wire.after = lambda answer: as_of(  # type: ignore[attr-defined]  # a test's
        answer.path, status=404, headers=headers_of()
    )(answer)

    blame = absence_of(exam, exam.unauthorized())
    assert "Another program answers" in str(blame.cause)


def test_urls_that_do_not_lead_here_are_the_sites_own_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = examination(after=as_of(MCP, status=404))
    answer = exam.unauthorized()
    module = ModuleType("urls_of_a_test")
    module.urlpatterns = [path("x/", include("agent_connector.urls"))]  # type: ignore[attr-defined]  # as Django reads it
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.ROOT_URLCONF = module.__name__

    blame = absence_of(exam, answer)

    assert "own URLs do not lead there" in str(blame.cause)
    assert blame.fix == 'path("", include("agent_connector.urls")),'
