"""A form in another encoding is refused, and is no server error."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
AUTHORIZE = "/mcp/oauth/authorize?client_id=nobody"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("url", [LOGIN, AUTHORIZE])
@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "latin-1", "utf8"])
def test_a_form_in_another_encoding_is_refused(url: str, charset: str) -> None:
    browser = Client(enforce_csrf_checks=True)

    page = browser.post(url, b"a=1", content_type=f"{FORM}; charset={charset}")

    assert page.status_code == 415


@pytest.mark.parametrize("charset", ["", "; charset=UTF-8"])
def test_other_forms_go_on_to_the_csrf_check(charset: str) -> None:
    browser = Client(enforce_csrf_checks=True)

    page = browser.post(LOGIN, b"a=1", content_type=f"{FORM}{charset}")

    assert page.status_code == 403


def test_endpoints_for_programs_answer_in_their_own_form() -> None:
    answer = Client().post(
        "/mcp/oauth/token", b"a=1", content_type=f"{FORM}; charset=utf-16"
    )

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"
