"""What every endpoint for programs has in common."""

from __future__ import annotations

import json
import logging
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.test import RequestFactory

from agent_connector.errors import SiteURLMissing
from agent_connector.oauth.errors import (
    InvalidClient,
    InvalidRequest,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from agent_connector.oauth.form import MAX_BODY_BYTES
from agent_connector.oauth.views.machine import (
    host_url_of,
    machine_endpoint,
    read_body,
    read_form_text,
)

pytestmark = pytest.mark.django_db  # the switch is read from there

FORM = "application/x-www-form-urlencoded"
make_request = RequestFactory()


def endpoint_that_raises(error: Exception) -> HttpResponse:
    @machine_endpoint("POST")
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view(make_request.post("/x"))


@machine_endpoint("POST")
def sound(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"said": "yes"})


def test_an_answer_is_never_stored_and_any_page_may_read_it() -> None:
    response = sound(make_request.post("/x"))

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Pragma"] == "no-cache"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_preflight_is_answered_without_the_view() -> None:
    response = sound(make_request.options("/x"))

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Access-Control-Allow-Methods"] == "POST, OPTIONS"
    assert "MCP-Protocol-Version" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"])
def test_another_method_is_refused_with_those_allowed(method: str) -> None:
    response = sound(make_request.generic(method, "/x"))

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST, OPTIONS"
    assert json.loads(response.content)["error"] == "invalid_request"


def test_a_refusal_is_json_of_the_standards_shape() -> None:
    response = endpoint_that_raises(InvalidRequest("The parameter code is missing."))

    assert response.status_code == 400
    assert json.loads(response.content) == {
        "error": "invalid_request",
        "error_description": "The parameter code is missing.",
    }
    assert response.headers["Cache-Control"] == "no-store"


def test_only_a_client_that_used_basic_is_challenged() -> None:
    challenged = endpoint_that_raises(InvalidClient("x", challenge=True))
    plain = endpoint_that_raises(InvalidClient("x"))

    assert challenged.status_code == plain.status_code == 401
    assert challenged.headers["WWW-Authenticate"] == 'Basic realm="oauth"'
    assert "WWW-Authenticate" not in plain.headers


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), InterfaceError("closed")]
)
def test_database_trouble_is_a_503_that_says_when_to_come_back(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = endpoint_that_raises(error)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert json.loads(response.content)["error"] == "temporarily_unavailable"
    assert b"locked" not in response.content
    assert "the database did not answer" in caplog.text


def test_a_site_without_its_url_says_so() -> None:
    response = endpoint_that_raises(SiteURLMissing("Set it."))

    assert response.status_code == 503
    assert b"SITE_URL" in response.content


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(IntegrityError):
        endpoint_that_raises(IntegrityError("a bug"))


def test_the_host_project_cannot_wrap_an_endpoint() -> None:
    view: Any = sound

    assert view.csrf_exempt is True
    assert view.login_required is False
    assert view._non_atomic_requests == {"default"}  # noqa: SLF001  # Django's mark
    assert view.__name__ == "sound"


def test_a_body_is_read() -> None:
    request = make_request.post("/x", b"a=1", content_type=f"{FORM}; charset=utf-8")

    assert read_body(request, content_type=FORM) == b"a=1"


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "", "a/b/c"]
)
def test_a_body_of_another_type_is_refused(content_type: str) -> None:
    request = make_request.generic("POST", "/x", b"a=1", content_type=content_type)

    with pytest.raises(UnsupportedMediaType):
        read_body(request, content_type=FORM)


@pytest.mark.parametrize("declared", [str(MAX_BODY_BYTES + 1), "9" * 30, "-1", "x"])
def test_a_body_that_says_it_is_too_long_is_not_read(declared: str) -> None:
    request = make_request.post("/x", b"a=1", content_type=FORM)
    request.META["CONTENT_LENGTH"] = declared

    with pytest.raises(PayloadTooLarge):
        read_body(request, content_type=FORM)
    assert not hasattr(request, "_body")


def test_a_body_that_lies_about_its_length_is_refused() -> None:
    request = make_request.post("/x", content_type=FORM)
    request.META["CONTENT_LENGTH"] = "3"
    request._body = b"a" * (MAX_BODY_BYTES + 1)  # noqa: SLF001  # as if sent

    with pytest.raises(PayloadTooLarge):
        read_body(request, content_type=FORM)


def test_a_host_with_a_smaller_limit_is_obeyed(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2
    request = make_request.post("/x", b"a=1", content_type=FORM)

    with pytest.raises(PayloadTooLarge):
        read_body(request, content_type=FORM)


def test_a_connection_that_breaks_is_a_bad_request() -> None:
    class Broken(BytesIO):
        def read(self, *_: Any) -> bytes:
            raise UnreadablePostError("gone")

    request = make_request.post("/x", b"a=1", content_type=FORM)
    request._stream = Broken()  # noqa: SLF001  # as if sent

    with pytest.raises(InvalidRequest, match="could not be read"):
        read_body(request, content_type=FORM)


def test_parameters_in_the_query_string_are_refused() -> None:
    request = make_request.post("/x?code=c", b"a=1", content_type=FORM)

    with pytest.raises(InvalidRequest, match="not in the query"):
        read_form_text(request)


@pytest.mark.parametrize(("debug", "url"), [(True, "http://testserver"), (False, "")])
def test_the_host_header_counts_under_debug_only(
    settings: Any,
    debug: bool,  # noqa: FBT001  # a table
    url: str,
) -> None:
    settings.DEBUG = debug

    assert host_url_of(make_request.get("/x")) == url
