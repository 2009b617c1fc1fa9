"""Our pages, and the way back to the client."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from agent_connector.oauth.views.page import (
    admin_site,
    by_page,
    for_people,
    is_by_page,
    secure,
    send_back,
)
from panel.site import site

make_request = RequestFactory()


def test_the_admin_site_is_the_one_of_the_settings() -> None:
    assert admin_site() is site


@pytest.mark.spec("attacks", "44")
@pytest.mark.parametrize(("method", "status"), [("GET", 302), ("POST", 303)])
def test_a_form_is_never_posted_on(method: str, status: int) -> None:
    response = send_back(
        make_request.generic(method, "/x"),
        "https://example.com/cb?x=1&code=c",
        client_name="Code",
    )

    assert response.status_code == status
    assert response.headers["Location"] == "https://example.com/cb?x=1&code=c"


def test_a_program_is_started_from_a_page_with_a_link() -> None:
    response = send_back(
        make_request.post("/x"),
        'cursor://anysphere.cursor-mcp/cb?code=c&state="><script>',
        client_name="<b>Cursor</b>",
    )
    page = response.content.decode()
    url = "cursor://anysphere.cursor-mcp/cb?code=c&amp;state=&quot;&gt;&lt;script&gt;"

    assert response.status_code == 200
    assert f'<meta http-equiv="refresh" content="0;url={url}">' in page
    assert f'href="{url}"' in page
    assert "&lt;b&gt;Cursor&lt;/b&gt;" in page
    assert "Location" not in response.headers


def test_where_a_redirect_could_not_get_through_a_page_leads_to_the_client() -> None:
    request = make_request.post("/x?client_id=1&answer_by=page")

    response = send_back(request, "https://example.com/cb?code=c", client_name="Code")

    assert response.status_code == 200
    assert 'href="https://example.com/cb?code=c"' in response.content.decode()
    assert 'content="0;url=https://example.com/cb?code=c"' in response.content.decode()


def test_the_address_for_an_answer_by_page_stays_the_same_request() -> None:
    path = by_page("/x?client_id=1&state=%20")

    assert path == "/x?client_id=1&state=%20&answer_by=page"
    assert by_page(path) == path
    assert is_by_page(make_request.get(path))
    assert not is_by_page(make_request.get("/x?state=answer_by=page"))


@pytest.mark.spec("attacks", "40 and 45")
def test_no_page_can_be_framed_stored_or_fed_from_elsewhere() -> None:
    response = secure(HttpResponse())

    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action" not in policy  # browsers would stop the way to the client
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"


def test_style_may_come_from_the_sites_static_host(settings: Any) -> None:
    settings.STATIC_URL = "https://static.example:8443/files/"

    policy = secure(HttpResponse()).headers["Content-Security-Policy"]

    assert "style-src https://static.example:8443;" in policy


def _asked(*, modified: bool = False) -> Any:
    request = make_request.get("/x")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    request.session.modified = modified
    return request


def test_database_trouble_is_a_page_that_says_when_to_come_back() -> None:
    def fail(_request: HttpRequest) -> HttpResponse:
        raise OperationalError("secret detail")

    request = _asked(modified=True)

    response = for_people(fail)(request)

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    assert "secret" not in response.content.decode()
    assert not request.session.modified


@pytest.mark.django_db
@pytest.mark.parametrize("engine", ["db", "signed_cookies"])
def test_a_session_is_stored_before_the_answer(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"django.contrib.sessions.backends.{engine}"
    monkeypatch.setattr(settings, "SESSION_ENGINE", place)
    request = _asked()
    request.session.create()
    key = request.session.session_key
    request.session["ticket"] = "x"

    for_people(lambda _request: HttpResponse())(request)

    stored = type(request.session)(request.session.session_key)
    assert stored["ticket"] == "x"
    assert request.session.modified == (request.session.session_key != key)


@pytest.mark.django_db
def test_a_session_that_ended_meanwhile_is_left_to_the_middleware() -> None:
    request = _asked()
    request.session.create()
    type(request.session)(request.session.session_key).delete()
    request.session["ticket"] = "x"

    response = for_people(lambda _request: HttpResponse())(request)

    assert response.status_code == 200
    assert request.session.modified
