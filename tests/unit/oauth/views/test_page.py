"""Our pages, and the way back to the client."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from agent_connector.oauth.views.page import (
    admin_site,
    by_page,
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
        "https://example.com/cb?x=1",
        {"code": "c", "iss": "https://here.example"},
        client_name="Code",
    )

    assert response.status_code == status
    assert response.headers["Location"] == (
        "https://example.com/cb?x=1&code=c&iss=https%3A%2F%2Fhere.example"
    )


def test_a_program_is_started_from_a_page_with_a_link() -> None:
    response = send_back(
        make_request.post("/x"),
        "cursor://anysphere.cursor-mcp/cb",
        {"code": "c", "state": '"><script>'},
        client_name="<b>Cursor</b>",
    )
    page = response.content.decode()
    url = "cursor://anysphere.cursor-mcp/cb?code=c&amp;state=%22%3E%3Cscript%3E"

    assert response.status_code == 200
    assert f'<meta http-equiv="refresh" content="0;url={url}">' in page
    assert f'href="{url}"' in page
    assert "&lt;b&gt;Cursor&lt;/b&gt;" in page
    assert "Location" not in response.headers


def test_where_a_redirect_could_not_get_through_a_page_leads_to_the_client() -> None:
    request = make_request.post("/x?client_id=1&answer_by=page")

    response = send_back(
        request, "https://example.com/cb", {"code": "c"}, client_name="Code"
    )

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
