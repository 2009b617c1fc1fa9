"""The tab strip is added to user pages only, and leaves all else alone."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory

from agent_connector.admin.user_tab import TEMPLATE, add_tab
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db


def _request() -> object:
    request = RequestFactory().get("/")
    request.user = make_admin()
    return request


def _template_of(context: dict[str, object], *, site_name: str = "admin") -> str:
    request = _request()
    response = TemplateResponse(request, "admin/change_form.html", context)  # type: ignore[arg-type]
    add_tab(request, response, site_name=site_name)  # type: ignore[arg-type]
    return str(response.template_name)


def test_a_page_about_a_user_gets_the_wrapper() -> None:
    assert _template_of({"original": make_user()}) == TEMPLATE


@pytest.mark.parametrize("original", [None, "a string", 7])
def test_a_page_about_anything_else_does_not(original: object) -> None:
    assert _template_of({"original": original}) == "admin/change_form.html"


def test_an_answer_without_a_template_is_left_alone() -> None:
    response = HttpResponse("plain")

    add_tab(_request(), response, site_name="admin")  # type: ignore[arg-type]

    assert response.content == b"plain"
