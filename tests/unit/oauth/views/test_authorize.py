"""The authorization endpoint, as a view."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.test import Client as Browser
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from django.views.decorators.debug import sensitive_variables

from agent_connector.models import Connection
from agent_connector.oauth.views.authorize import authorize
from tests.authorization import AUTHORIZE, authorize_url, ticket_on
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


def test_it_sends_to_the_login_itself_and_answers_get_head_and_post() -> None:
    view: Any = authorize

    assert view.login_required is False
    assert not getattr(view, "csrf_exempt", False)
    response = authorize(RequestFactory().put(AUTHORIZE))
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"


def test_where_a_middleware_asks_for_a_login_it_still_judges_the_request_first(
    client: Browser, settings: Any
) -> None:
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]

    assert client.get(authorize_url(make_client(), client_id="x")).status_code == 400


@pytest.mark.spec("attacks", "103")
def test_the_report_of_a_bug_holds_neither_ticket_nor_code(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    client.force_login(user)
    url = authorize_url(make_client())
    ticket = ticket_on(client.get(url))
    request = decision(url, ticket=ticket)
    request.user, request.session = user, client.session

    @sensitive_variables()
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("agent_connector.oauth.views.authorize.send_back", broken)
    with pytest.raises(RuntimeError) as bug:
        authorize(request)

    error: Any = bug.value
    below_this_test = error.__traceback__.tb_next
    report = ExceptionReporter(request, type(error), error, below_this_test)
    page = report.get_traceback_html()
    assert "_decide" in page
    assert ticket not in page
    assert "acc_" not in page


def decision(url: str, *, ticket: str) -> HttpRequest:
    fields = {"ticket": ticket, "decision": "allow", "level": "read"}
    request = RequestFactory().post(url, fields)
    # As Django's own test client does.
    setattr(request, "_dont_enforce_csrf_checks", True)  # noqa: B010  # untyped
    return request


def test_a_session_that_knows_no_ticket_opens_nothing() -> None:
    request = decision(authorize_url(make_client()), ticket="x")
    request.user, request.session = make_user(), SessionStore()

    assert authorize(request).status_code == 400
    assert not Connection.objects.exists()
