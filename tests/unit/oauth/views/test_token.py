"""The token endpoint, as a view."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve
from django.views.debug import ExceptionReporter

from agent_connector.oauth.views.token import token
from tests.authorization import FORM, TOKEN
from tests.factories import (
    REDIRECT_URI,
    VERIFIER,
    make_client,
    make_code,
    make_connection,
    make_user,
)

pytestmark = pytest.mark.django_db


def request_with(**fields: str) -> HttpRequest:
    return RequestFactory().post(TOKEN, urlencode(fields), content_type=FORM)


def report_of_bug(
    request: HttpRequest,
    monkeypatch: pytest.MonkeyPatch,
    *,
    place: str = "issue.hint_of",
) -> str:
    """Return the page that Django would mail after a bug deep in the exchange."""

    def broken(*_: str) -> str:
        raise RuntimeError("a bug")

    monkeypatch.setattr(f"agent_connector.connections.{place}", broken)
    with pytest.raises(RuntimeError) as bug:
        token(request)
    error: Any = bug.value
    return ExceptionReporter(
        request, type(error), error, error.__traceback__
    ).get_traceback_html()


def test_it_is_found_at_its_address() -> None:
    assert resolve(TOKEN).func is token


@pytest.mark.spec("attacks", "103")
def test_the_report_of_a_bug_while_a_code_is_exchanged_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = make_client()
    code = make_code(make_user(), program)
    request = request_with(
        grant_type="authorization_code",
        client_id=program.client_id,
        redirect_uri=REDIRECT_URI,
        code=code,
        code_verifier=VERIFIER,
    )

    report = report_of_bug(request, monkeypatch)

    assert "issue_pair" in report
    assert not any(secret in report for secret in (code, VERIFIER, "acr_", "aca_"))


@pytest.mark.spec("attacks", "103")
@pytest.mark.parametrize(
    ("place", "repeated"),
    [
        ("issue.hint_of", False),
        ("successor.secret_from", False),
        ("successor.secret_from", True),
    ],
)
def test_the_report_of_a_bug_while_a_token_is_refreshed_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch, place: str, *, repeated: bool
) -> None:
    program = make_client()
    _, pair = make_connection(make_user(), program)
    fields = {"client_id": program.client_id, "refresh_token": pair.refresh}
    request = request_with(grant_type="refresh_token", **fields)
    if repeated:
        token(request_with(grant_type="refresh_token", **fields))

    report = report_of_bug(request, monkeypatch, place=place)

    secrets = (pair.refresh, pair.refresh[4:], "acr_", "aca_", "only-for-tests")
    assert "rotate_refresh_token" in report
    assert not any(secret in report for secret in secrets)
